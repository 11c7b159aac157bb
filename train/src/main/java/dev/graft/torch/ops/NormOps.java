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
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Normalisations. */
final class NormOps {
    private NormOps() {}

    static void register(OpTable ops) {
        ops.multi("LayerNormalization", 1, NormOps::layerNormalization);
        ops.op("RMSNormalization", 23, in -> rmsNormalization(in).get(0));
        ops.multi("SimplifiedLayerNormalization", 1, NormOps::rmsNormalization);
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

    /** The result, and the inverse root of each row's mean square. */
    private static List<Tensor> rmsNormalization(Call in) {
        Tensor x = in.tensor(0);
        return rms(x, rows(in, x).length, in.tensor(1), in.real("epsilon", 1e-5f));
    }

    /** Rows of the last so many axes; half precision is computed in single. */
    static List<Tensor> rms(Tensor given, int rank, Tensor scale, double epsilon) {
        ScalarType type = Operands.type(given);
        Tensor x = type == ScalarType.Double ? given : given.to(ScalarType.Float);
        long[] axes = new long[rank];
        Arrays.setAll(axes, i -> -1L - i);
        Tensor square = torch.mean(torch.mul(x, x), axes, true, new ScalarTypeOptional());
        Tensor factor = torch.rsqrt(torch.add(square, new Scalar(epsilon)));
        return List.of(torch.mul(Operands.as(torch.mul(x, factor), type), scale), factor);
    }

    /** Where all elements are 0 they stay so. */
    private static Tensor lpNormalization(Call in) {
        Tensor x = in.tensor(0);
        var power = new Scalar(in.whole("p", 2));
        long[] axis = {Operands.axis(in, in.whole("axis", -1), x.dim())};
        Tensor length = torch.linalg_vector_norm(x, power, axis, true, new ScalarTypeOptional());
        return torch.div(x, torch.masked_fill(length, torch.eq(length, new Scalar(0)), new Scalar(1)));
    }
}
