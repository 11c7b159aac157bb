package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Batch normalisation, which has a memory.
 *
 * <p>A node whose scale is trained normalises by its batch, and its running mean and variance follow: running * momentum
 * + batch * (1 - momentum), with the variance of the population. One whose scale is frozen stays as it serves: it
 * normalises by its running statistics, which do not move. A node that the export left in training mode normalises by its
 * batch in every run, as ONNX has it.
 *
 * <p>Source: Ioffe and Szegedy, "Batch Normalization", 2015, and the operator sets 1 to 15 of ONNX.
 */
final class BatchNormOps {
    private static final int MEAN = 3;
    private static final int VARIANCE = 4;

    private BatchNormOps() {}

    static void register(OpTable ops) {
        ops.multi("BatchNormalization", 1, in -> normalize(in, in.outputs() > 1));
        ops.multi("BatchNormalization", 14, in -> normalize(in, in.flag("training_mode", false)));
    }

    private static List<Tensor> normalize(Call in, boolean exportedForTraining) {
        Tensor x = in.tensor(0);
        ScalarType type = type(x);
        Tensor rows = Operands.as(rows(in, x), type);
        boolean learns = in.trains(1);
        boolean byBatch = (learns || exportedForTraining) && x.numel() > 0;
        double epsilon = in.real("epsilon", 1e-5f);
        TensorOptional none = new TensorOptional();
        TensorOptional mean = channels(in, MEAN, rows, type);
        TensorOptional variance = channels(in, VARIANCE, rows, type);
        T_TensorTensorTensor_T normal = torch.native_batch_norm(
                rows,
                channels(in, 1, rows, type),
                channels(in, 2, rows, type),
                byBatch ? none : mean,
                byBatch ? none : variance,
                byBatch,
                0,
                epsilon);
        Tensor result = Operands.as(normal.get0(), Operands.type(x)).reshape(x.shape());
        if (!byBatch) {
            return List.of(result, in.tensor(MEAN), in.tensor(VARIANCE), in.tensor(MEAN), in.tensor(VARIANCE));
        }
        return followed(in, result, normal.get1(), variance(normal.get2(), epsilon), learns);
    }

    private static List<Tensor> followed(Call in, Tensor result, Tensor mean, Tensor variance, boolean learns) {
        double momentum = in.real("momentum", 0.9f);
        if (learns) {
            in.follow(MEAN, mean, momentum);
            in.follow(VARIANCE, variance, momentum);
        }
        return in.outputs() == 1
                ? List.of(result)
                : List.of(
                        result,
                        average(in.tensor(MEAN), mean, momentum),
                        average(in.tensor(VARIANCE), variance, momentum),
                        mean,
                        variance);
    }

    private static Tensor average(Tensor running, Tensor batch, double momentum) {
        Tensor own = torch.mul(running, new Scalar(momentum));
        return torch.add(
                own, Operands.as(batch, Operands.type(running)).reshape(running.shape()), new Scalar(1 - momentum));
    }

    /** The variance of the population, from what libtorch keeps for the way back. */
    private static Tensor variance(Tensor inverseDeviation, double epsilon) {
        Tensor withEpsilon = torch.pow(inverseDeviation, new Scalar(-2));
        return torch.clamp(torch.sub(withEpsilon, new Scalar(epsilon)), new ScalarOptional(new Scalar(0)));
    }

    /** Half precision is computed as float32. */
    private static ScalarType type(Tensor x) {
        return Operands.type(x) == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    }

    /** A vector has one channel; statistics of each element rather than each channel take every element for a channel. */
    private static Tensor rows(Call in, Tensor x) {
        if (x.dim() == 0) {
            throw in.refuse("needs a batch, not a scalar");
        }
        return x.dim() == 1 ? x.unsqueeze(1) : in.flag("spatial", true) ? x : x.flatten(1, -1);
    }

    private static TensorOptional channels(Call in, int operand, Tensor rows, ScalarType type) {
        Tensor vector = in.tensor(operand);
        if (vector.numel() != rows.size(1)) {
            throw in.refuse("needs a number for each of " + rows.size(1) + " channels in operand " + operand
                    + ", which has shape " + Arrays.toString(vector.shape()));
        }
        return new TensorOptional(Operands.as(vector, type).reshape(-1));
    }
}
