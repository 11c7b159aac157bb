package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What operators meant in the first operator sets, before operands broadcast by themselves and shapes were operands. */
final class LegacyOps {
    private LegacyOps() {}

    static void register(OpTable ops) {
        binary(ops, "Add", torch::add);
        binary(ops, "Sub", torch::sub);
        binary(ops, "Mul", torch::mul);
        ops.op("Div", 1, in -> MathOps.div(in, in.tensor(0), second(in)));
        ops.op("Pow", 1, in -> MathOps.pow(in, in.tensor(0), second(in)));
        ops.op("And", 1, in -> torch.logical_and(in.tensor(0), second(in)));
        ops.op("Or", 1, in -> torch.logical_or(in.tensor(0), second(in)));
        ops.op("Xor", 1, in -> torch.logical_xor(in.tensor(0), second(in)));
        comparison(ops, "Equal", torch::eq);
        comparison(ops, "Less", torch::lt);
        comparison(ops, "Greater", torch::gt);
        ops.op("Reshape", 1, in -> ShapeOps.reshape(in, in.longs("shape")));
        ops.op("Tile", 1, LegacyOps::tile);
        ops.op("Pad", 1, in -> TensorOps.pad(in, in.longs("paddings"), new Scalar(in.real("value", 0)), new long[0]));
        ops.multi("Split", 1, LegacyOps::split);
    }

    private static void binary(OpTable ops, String name, BinaryOperator<Tensor> body) {
        ops.op(name, 1, in -> WholeNumbers.compute(in, in.tensor(0), second(in), body));
    }

    private static void comparison(OpTable ops, String name, BinaryOperator<Tensor> body) {
        ops.op(name, 1, in -> WholeNumbers.compare(in, in.tensor(0), second(in), body));
    }

    /** The second operand with its first dimension at the attribute's axis, or its last at the end. */
    private static Tensor second(Call in) {
        Tensor a = in.tensor(0);
        Tensor b = in.tensor(1);
        if (!in.node().attributes().containsKey("axis") || b.dim() == 0) {
            return b;
        }
        int axis = Operands.axis(in, in.whole("axis", 0), a.dim());
        long after = a.dim() - axis - b.dim();
        if (after < 0) {
            throw in.refuse("broadcasts " + b.dim() + " dimensions from axis " + axis + " of " + a.dim());
        }
        long[] shape = b.shape();
        long[] spread = Arrays.copyOf(shape, shape.length + (int) after);
        Arrays.fill(spread, shape.length, spread.length, 1);
        return b.reshape(spread);
    }

    private static Tensor tile(Call in) {
        long[] times = new long[(int) in.tensor(0).dim()];
        Arrays.fill(times, 1);
        times[Operands.axis(in, (long) in.scalar(2), times.length)] = (long) in.scalar(1);
        return ShapeOps.tile(in, times);
    }

    private static List<Tensor> split(Call in) {
        return TensorOps.split(in, in.has(1) ? in.longs(1) : in.longs("split"));
    }
}
