package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Normalisations. */
final class NormOps {
    private NormOps() {}

    static void register(OpTable ops) {
        ops.multi("LayerNormalization", 1, NormOps::layerNormalization);
        ops.op("RMSNormalization", 23, NormOps::rmsNormalization);
        ops.multi("SimplifiedLayerNormalization", 1, in -> List.of(rmsNormalization(in)));
        ops.op("LpNormalization", 1, NormOps::lpNormalization);
    }

    /** The result, and the mean and the inverse standard deviation of each row; without a version of its own at first. */
    private static List<Tensor> layerNormalization(Call in) {
        Tensor x = in.tensor(0);
        long[] rows = rows(in, x);
        var normal =
                torch.native_layer_norm(x, rows, spread(in, 1, rows), spread(in, 2, rows), in.real("epsilon", 1e-5f));
        return List.of(normal.get0(), normal.get1(), normal.get2());
    }

    private static long[] rows(Call in, Tensor x) {
        long[] shape = x.shape();
        return Arrays.copyOfRange(shape, Operands.axis(in, in.whole("axis", -1), shape.length), shape.length);
    }

    /** Scale and bias may be smaller than a row. */
    private static TensorOptional spread(Call in, int index, long[] rows) {
        return in.has(index) ? new TensorOptional(in.tensor(index).expand(rows)) : new TensorOptional();
    }

    private static Tensor rmsNormalization(Call in) {
        Tensor x = in.tensor(0);
        long[] axes = new long[rows(in, x).length];
        Arrays.setAll(axes, i -> -1L - i);
        Tensor square = torch.mean(torch.mul(x, x), axes, true, new ScalarTypeOptional());
        Tensor factor = torch.rsqrt(torch.add(square, new Scalar(in.real("epsilon", 1e-5f))));
        return torch.mul(torch.mul(x, factor), in.tensor(1));
    }

    /** Where all elements are 0 they stay so. */
    private static Tensor lpNormalization(Call in) {
        Tensor x = in.tensor(0);
        var power = new Scalar(in.whole("p", 2));
        long[] axis = {Operands.axis(in, in.whole("axis", -1), x.dim())};
        Tensor norm = torch.linalg_vector_norm(x, power, axis, true, new ScalarTypeOptional());
        return torch.div(x, norm.masked_fill(torch.eq(norm, new Scalar(0)), new Scalar(1)));
    }
}
