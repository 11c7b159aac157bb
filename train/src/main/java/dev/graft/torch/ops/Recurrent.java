package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The operands of a recurrent node, checked, with steps before examples.
 *
 * @param gates how many gates' weights lie one after the other: 1, 3 or 4
 * @param directions 1 or 2
 * @param backwards whether the only direction is the one from the last step to the first
 * @param x [steps, batch, inputs]
 * @param w [directions, gates · hidden, inputs]
 * @param r [directions, gates · hidden, hidden]
 * @param b [directions, 2 · gates · hidden]
 * @param lengths how many steps each example has, where they are not all
 */
record Recurrent(
        Call in,
        int gates,
        int directions,
        boolean backwards,
        Tensor x,
        Tensor w,
        Tensor r,
        Optional<Tensor> b,
        Optional<Tensor> lengths) {
    static Recurrent of(Call in, int gates) {
        String direction = in.text("direction", "forward");
        int directions = direction.equals("bidirectional") ? 2 : 1;
        if (directions == 1 && !direction.equals("forward") && !direction.equals("reverse")) {
            throw in.refuse("has direction '" + direction + "'; known are forward, reverse and bidirectional");
        }
        Tensor x = Operands.ofRank(in, 0, 3);
        Tensor w = Operands.ofRank(in, 1, 3);
        Tensor r = Operands.ofRank(in, 2, 3);
        long hidden = in.whole("hidden_size", r.size(2));
        Operands.requireShape(in, 1, directions, gates * hidden, x.size(2));
        Operands.requireShape(in, 2, directions, gates * hidden, hidden);
        if (in.has(3)) {
            Operands.requireShape(in, 3, directions, 2 * gates * hidden);
        }
        Tensor stepsFirst = in.flag("layout", false) ? x.transpose(0, 1) : x;
        Optional<Tensor> b = Optional.ofNullable(in.has(3) ? in.tensor(3) : null);
        return new Recurrent(
                in, gates, directions, direction.equals("reverse"), stepsFirst, w, r, b, lengths(in, stepsFirst));
    }

    private static Optional<Tensor> lengths(Call in, Tensor x) {
        if (!in.has(4)) {
            return Optional.empty();
        }
        long[] lengths = in.longs(4);
        long steps = x.size(0);
        if (lengths.length != x.size(1) || LongStream.of(lengths).anyMatch(length -> length < 0 || length > steps)) {
            throw in.refuse("has sequence lengths " + Arrays.toString(lengths) + " for " + x.size(1) + " sequences of "
                    + steps);
        }
        boolean all = LongStream.of(lengths).allMatch(length -> length == steps);
        return all ? Optional.empty() : Optional.of(in.device().move(Operands.vector(lengths)));
    }

    boolean batchFirst() {
        return in.flag("layout", false);
    }

    long steps() {
        return x.size(0);
    }

    long batch() {
        return x.size(1);
    }

    long hidden() {
        return r.size(2);
    }

    /** The initial state in an operand, [directions, batch, hidden]; 0 where it is left out. */
    Tensor initial(int operand) {
        if (!in.has(operand)) {
            long[] shape = {directions, batch(), hidden()};
            return in.device().move(torch.zeros(shape)).to(Operands.type(x));
        }
        Tensor given = Operands.ofRank(in, operand, 3);
        Tensor initial = batchFirst() ? given.transpose(0, 1) : given;
        if (!Arrays.equals(initial.shape(), new long[] {directions, batch(), hidden()})) {
            throw in.refuse("needs operand " + operand + " for " + directions + " directions, " + batch()
                    + " sequences and " + hidden() + " hidden units, not of shape " + Arrays.toString(given.shape()));
        }
        return initial;
    }

    /** Which examples have a given step: [batch, 1] truth values. */
    Optional<Tensor> present(long step) {
        return lengths.map(each -> torch.gt(each, new Scalar(step)).unsqueeze(1));
    }

    /** [steps, directions, batch, hidden] in the node's layout. */
    Tensor sequence(Tensor y) {
        return batchFirst() ? y.permute(2, 0, 1, 3) : y;
    }

    /** [directions, batch, hidden] in the node's layout. */
    Tensor state(Tensor h) {
        return batchFirst() ? h.transpose(0, 1) : h;
    }
}
