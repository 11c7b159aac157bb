package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Joining, cutting, padding and making arrays. */
final class TensorOps {
    private TensorOps() {}

    static void register(OpTable ops) {
        ops.op("Concat", 1, TensorOps::concat);
        ops.multi("Split", 2, in -> split(in, in.longs("split")));
        ops.multi("Split", 13, in -> split(in, in.has(1) ? in.longs(1) : new long[0]));
        ops.op("Slice", 1, in -> slice(in, in.longs("starts"), in.longs("ends"), in.longs("axes"), new long[0]));
        ops.op("Slice", 10, in -> slice(in, in.longs(1), in.longs(2), given(in, 3), given(in, 4)));
        ops.op("Pad", 2, in -> pad(in, in.longs("pads"), new Scalar(in.real("value", 0)), new long[0]));
        ops.op("Pad", 11, in -> pad(in, in.longs(1), padding(in), given(in, 3)));
        ops.op("Trilu", 14, TensorOps::trilu);
        ops.op("ConstantOfShape", 9, TensorOps::constantOfShape);
        ops.op("Range", 11, TensorOps::range);
        ops.withoutGradient("ConstantOfShape", "Range");
    }

    private static long[] given(Call in, int index) {
        return in.has(index) ? in.longs(index) : new long[0];
    }

    private static Tensor concat(Call in) {
        int axis = Operands.axis(in, in.whole("axis", 1), in.tensor(0).dim());
        return torch.cat(Operands.list(Operands.all(in)), axis);
    }

    static List<Tensor> split(Call in, long[] given) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), x.dim());
        int parts = in.outputs();
        if (given.length > 0 ? given.length != parts : in.whole("num_outputs", parts) != parts) {
            throw in.refuse("has " + parts + " outputs for another number of parts");
        }
        long[] sizes = given.length > 0 ? given : equalSizes(x.size(axis), parts);
        TensorVector pieces = torch.split_with_sizes(x, sizes, axis);
        return Arrays.asList(pieces.get());
    }

    /** As equal as can be, the last part smaller where the parts do not come out even. */
    private static long[] equalSizes(long size, int parts) {
        long each = (size + parts - 1) / parts;
        return LongStream.range(0, parts)
                .map(part -> Math.max(0, Math.min(each, size - part * each)))
                .toArray();
    }

    private static Tensor slice(Call in, long[] starts, long[] ends, long[] axes, long[] steps) {
        Tensor x = in.tensor(0);
        if (starts.length != ends.length
                || axes.length > 0 && axes.length != starts.length
                || steps.length > 0 && steps.length != starts.length) {
            throw in.refuse("needs as many ends, axes and steps as starts");
        }
        for (int i = 0; i < starts.length; i++) {
            int axis = Operands.axis(in, axes.length > 0 ? axes[i] : i, x.dim());
            long step = steps.length > 0 ? steps[i] : 1;
            if (step == 0) {
                throw in.refuse("steps by 0");
            }
            x = step > 0 ? sliced(x, axis, starts[i], ends[i], step) : backwards(x, axis, starts[i], ends[i], step);
        }
        return x;
    }

    private static Tensor sliced(Tensor x, int axis, long start, long end, long step) {
        long size = x.size(axis);
        long from = clamp(start, size, 0, size);
        long to = Math.max(from, clamp(end, size, 0, size));
        return x.slice(axis, new LongOptional(from), new LongOptional(to), Math.min(step, Math.max(1, size)));
    }

    /** Libtorch steps forwards only, so the axis is turned round first. */
    private static Tensor backwards(Tensor x, int axis, long start, long end, long step) {
        long size = x.size(axis);
        long from = size - 1 - clamp(start, size, -1, size - 1);
        long to = Math.max(from, size - 1 - clamp(end, size, -1, size - 1));
        long forwards = Math.min(step == Long.MIN_VALUE ? Long.MAX_VALUE : -step, Math.max(1, size));
        return Casts.moved(x, stored -> stored.flip(axis))
                .slice(axis, new LongOptional(from), new LongOptional(to), forwards);
    }

    private static long clamp(long index, long size, long least, long most) {
        return Math.max(least, Math.min(most, index < 0 ? index + size : index));
    }

    static Tensor pad(Call in, long[] pads, Scalar value, long[] given) {
        Tensor x = in.tensor(0);
        long[] axes = given.length == 0 ? Operands.allAxes(x.dim()) : Operands.axes(in, given, x.dim());
        if (pads.length != 2 * axes.length) {
            throw in.refuse("needs " + 2 * axes.length + " pads, not " + pads.length);
        }
        return Casts.moved(x, stored -> padded(in, stored, axes, pads, value));
    }

    private static Tensor padded(Call in, Tensor stored, long[] axes, long[] pads, Scalar value) {
        String mode = in.text("mode", "constant");
        Tensor x = stored;
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) axes[i];
            x = mode.equals("constant")
                    ? padConstant(in, x, axis, pads[i], pads[axes.length + i], value)
                    : padFromItself(in, x, axis, pads[i], pads[axes.length + i], mode);
        }
        return x;
    }

    /** The element to pad with, 0 where none is given, as its operand stores it. */
    static Scalar padding(Call in) {
        if (!in.has(2)) {
            return new Scalar(0);
        }
        Tensor value = in.tensor(2);
        Tensor stored = Casts.isNarrow(Operands.type(value)) ? value.view(ScalarType.Byte) : value;
        return stored.is_floating_point()
                ? new Scalar(stored.item_double())
                : new Scalar(stored.to(ScalarType.Long).item_long());
    }

    private static Tensor padConstant(Call in, Tensor x, int axis, long before, long after, Scalar value) {
        long[] padded = x.shape();
        padded[axis] = Math.addExact(Math.addExact(padded[axis], before), after);
        Operands.requireRoom(in, x.element_size(), padded);
        long[] ofLastAxesFirst = new long[2 * ((int) x.dim() - axis)];
        ofLastAxesFirst[ofLastAxesFirst.length - 2] = before;
        ofLastAxesFirst[ofLastAxesFirst.length - 1] = after;
        return torch.constant_pad_nd(x, ofLastAxesFirst, value);
    }

    private static Tensor padFromItself(Call in, Tensor x, int axis, long before, long after, String mode) {
        long size = x.size(axis);
        long padded = Math.addExact(Math.addExact(size, before), after);
        if (size == 0 && padded > 0) {
            throw in.refuse("pads an empty axis from itself");
        }
        long[] shape = x.shape();
        shape[axis] = padded;
        Operands.requireRoom(in, Long.BYTES, padded);
        Operands.requireRoom(in, x.element_size(), shape);
        Tensor positions = torch.sub(Operands.counting(padded, x), new Scalar(before));
        return x.index_select(axis, sources(positions, size, mode));
    }

    /** The element that stands at each position before, in and after an axis. */
    private static Tensor sources(Tensor positions, long size, String mode) {
        if (mode.equals("wrap")) {
            return torch.remainder(positions, new Scalar(size));
        } else if (mode.equals("reflect") && size > 1) {
            Tensor folded = torch.remainder(positions, new Scalar(2 * (size - 1)));
            return torch.minimum(folded, torch.sub(torch.mul(folded, new Scalar(-1)), new Scalar(-2 * (size - 1))));
        }
        return torch.clamp(positions, new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(size - 1)));
    }

    static Tensor trilu(Call in) {
        Tensor x = in.tensor(0);
        long farthest = x.dim() < 2 ? 0 : x.size(-1) + x.size(-2);
        long diagonal = in.has(1) ? Math.max(-farthest, Math.min(farthest, in.scalarWhole(1))) : 0;
        boolean upper = in.flag("upper", true);
        return Casts.moved(x, stored -> upper ? torch.triu(stored, diagonal) : torch.tril(stored, diagonal));
    }

    /** One element seen as many: the memory is taken by whoever computes with it. */
    private static Tensor constantOfShape(Call in) {
        long[] shape = in.longs(0);
        Tensor value = Tensors.of(in.array("value").orElse(Array.scalar(0f)).reshape());
        Operands.requireRoom(in, value.element_size(), shape);
        return (value.is_floating_point() ? in.device().move(value) : value).expand(shape);
    }

    private static Tensor range(Call in) {
        Tensor start = in.tensor(0);
        long elements = start.is_floating_point() ? realSteps(in) : wholeSteps(in);
        Operands.requireRoom(in, Long.BYTES, elements);
        Tensor steps = torch.arange(new Scalar(elements)).to(Operands.type(start));
        return torch.add(torch.mul(steps, in.tensor(2).reshape()), start.reshape());
    }

    private static long realSteps(Call in) {
        double steps = Math.ceil((in.scalar(1) - in.scalar(0)) / in.scalar(2));
        if (!(steps < Long.MAX_VALUE)) {
            throw in.refuse("never reaches its end");
        }
        return Math.max(0, (long) steps);
    }

    private static long wholeSteps(Call in) {
        long delta = in.scalarWhole(2);
        if (delta == 0) {
            throw in.refuse("steps by 0");
        }
        long distance = Math.subtractExact(in.scalarWhole(1), in.scalarWhole(0));
        long whole = distance / delta;
        boolean rest = distance % delta != 0 && (distance < 0) == (delta < 0);
        return Math.max(0, rest ? whole + 1 : whole);
    }
}
