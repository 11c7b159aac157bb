package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import dev.graft.torch.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Sequences of tensors, and optional values. */
final class SequenceOps {
    private SequenceOps() {}

    static void register(OpTable ops) {
        ops.values("SequenceEmpty", 11, SequenceOps::empty);
        ops.values("SequenceConstruct", 11, in -> sequence(in, Arrays.asList(Operands.all(in))));
        ops.op(
                "SequenceAt",
                11,
                in -> in.sequence(0).at(position(in, 1, in.sequence(0).size())));
        ops.values("SequenceInsert", 11, SequenceOps::insert);
        ops.values("SequenceErase", 11, SequenceOps::erase);
        ops.op(
                "SequenceLength",
                11,
                in -> Operands.vector(in.sequence(0).size()).reshape());
        ops.values("SplitToSequence", 11, SequenceOps::split);
        ops.op("ConcatFromSequence", 11, SequenceOps::concat);
        ops.values("Optional", 15, in -> List.of(in.has(0) ? in.value(0) : new Value.Nothing()));
        ops.values("OptionalGetElement", 15, SequenceOps::element);
        ops.op("OptionalHasElement", 15, in -> Operands.truth(in.has(0) && !(in.value(0) instanceof Value.Nothing)));
        ops.withoutGradient("SequenceEmpty", "SequenceLength", "OptionalHasElement");
    }

    /** The type is checked, although a sequence does not carry it: its tensors do. */
    private static List<Value> empty(Call in) {
        Operands.type(in, in.whole("dtype", ElementType.FLOAT.code()));
        return sequence(in, List.of());
    }

    private static List<Value> sequence(Call in, List<Tensor> tensors) {
        tensors.forEach(tensor -> requireOneType(in, tensors.get(0), tensor));
        return List.of(Value.Sequence.of(tensors));
    }

    private static void requireOneType(Call in, Tensor one, Tensor other) {
        if (Operands.type(one) != Operands.type(other)) {
            throw in.refuse("puts tensors of " + Tensors.elementType(one).text() + " and "
                    + Tensors.elementType(other).text() + " into one sequence");
        }
    }

    private static List<Tensor> tensors(Call in) {
        return new ArrayList<>(Arrays.asList(in.sequence(0).tensors().get()));
    }

    /** A place in a sequence, counted from the first whichever end the operand counts from. */
    private static int position(Call in, int index, int size) {
        long given = in.scalarWhole(index);
        long position = given < 0 ? given + size : given;
        if (position < 0 || position >= size) {
            throw in.refuse("has position " + given + ", which a sequence of "
                    + in.sequence(0).size() + " lacks");
        }
        return (int) position;
    }

    private static List<Value> insert(Call in) {
        Value.Sequence sequence = in.sequence(0);
        long last = sequence.size();
        long given = in.has(2) ? in.scalarWhole(2) : last;
        long position = given < 0 ? given + last : given;
        if (position < 0 || position > last) {
            throw in.refuse("inserts at " + given + " into a sequence of " + last);
        }
        if (last > 0) {
            requireOneType(in, sequence.at(0), in.tensor(1));
        }
        if (position == last) {
            return List.of(sequence.followedBy(in.tensor(1)));
        }
        List<Tensor> tensors = tensors(in);
        tensors.add((int) position, in.tensor(1));
        return List.of(Value.Sequence.of(tensors));
    }

    private static List<Value> erase(Call in) {
        List<Tensor> tensors = tensors(in);
        if (tensors.isEmpty()) {
            throw in.refuse("takes an element out of an empty sequence");
        }
        tensors.remove(in.has(1) ? position(in, 1, tensors.size()) : tensors.size() - 1);
        return sequence(in, tensors);
    }

    /** Parts of given sizes, all of one given size with a smaller last, or single slices. */
    private static List<Value> split(Call in) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), x.dim());
        if (!in.has(1)) {
            Tensor[] slices = in.flag("keepdims", true)
                    ? torch.split(x, 1, axis).get()
                    : torch.unbind(x, axis).get();
            return sequence(in, x.size(axis) == 0 ? List.of() : Arrays.asList(slices));
        }
        long[] sizes = in.longs(1);
        if (in.tensor(1).dim() > 0) {
            return sequence(
                    in, Arrays.asList(torch.split_with_sizes(x, sizes, axis).get()));
        }
        if (sizes[0] < 1) {
            throw in.refuse("splits into parts of size " + sizes[0]);
        }
        return sequence(
                in,
                x.size(axis) == 0
                        ? List.of()
                        : Arrays.asList(torch.split(x, sizes[0], axis).get()));
    }

    private static Tensor concat(Call in) {
        Value.Sequence sequence = in.sequence(0);
        if (sequence.size() == 0) {
            throw in.refuse("joins an empty sequence");
        }
        boolean stacks = in.flag("new_axis", false);
        long rank = sequence.at(0).dim();
        int axis = Operands.axis(in, in.whole("axis", 0), stacks ? rank + 1 : rank);
        return stacks ? torch.stack(sequence.tensors(), axis) : torch.cat(sequence.tensors(), axis);
    }

    private static List<Value> element(Call in) {
        Value value = in.value(0);
        if (value instanceof Value.Nothing) {
            throw in.refuse("reads an optional value that is not there");
        }
        return List.of(value);
    }
}
