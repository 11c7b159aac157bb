package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Losses as libtorch computes them. */
final class Losses {
    private static final int MEAN = 1;
    private static final long NOTHING_IGNORED = -100;

    private Losses() {}

    /** The loss as a scalar tensor with its history. */
    static Tensor of(Loss loss, Tensor output, Tensor targets) {
        try {
            return compute(loss, output, targets);
        } catch (RuntimeException e) {
            throw NativeFailure.of("The loss of output '" + loss.output() + "'", e);
        }
    }

    private static Tensor compute(Loss loss, Tensor output, Tensor targets) {
        if (loss instanceof Loss.CrossEntropy crossEntropy) {
            return crossEntropy(crossEntropy, output, targets);
        } else if (loss instanceof Loss.MeanSquaredError) {
            checkShape(output, targets);
            return mse_loss(output, targets);
        } else if (loss instanceof Loss.SupervisedContrastive contrastive) {
            return ContrastiveLosses.supervised(contrastive, output, targets);
        } else if (loss instanceof Loss.CosineSimilarity) {
            return ContrastiveLosses.cosineSimilarity(output, targets);
        }
        throw new IllegalArgumentException("Unknown loss " + loss);
    }

    private static Tensor crossEntropy(Loss.CrossEntropy loss, Tensor logits, Tensor targets) {
        ScalarType type = logits.scalar_type();
        if (logits.dim() != 2 || targets.dim() != 1 || logits.size(0) != targets.size(0)) {
            throw new GraftException("Cross-entropy needs logits [batch, classes] and targets [batch], not "
                    + Tensors.describe(logits) + " and " + Tensors.describe(targets));
        }
        return cross_entropy_loss(
                logits,
                targets,
                weights(loss.classWeights(), type, logits),
                MEAN,
                NOTHING_IGNORED,
                loss.labelSmoothing());
    }

    private static TensorOptional weights(List<Double> weights, ScalarType type, Tensor logits) {
        if (weights.isEmpty()) {
            return new TensorOptional();
        }
        if (weights.size() != logits.size(1)) {
            throw new GraftException(
                    "There are " + weights.size() + " class weights for " + logits.size(1) + " classes");
        }
        double[] values = weights.stream().mapToDouble(Double::doubleValue).toArray();
        return new TensorOptional(Tensors.of(Array.of(values, values.length)).to(logits.device(), type));
    }

    private static void checkShape(Tensor output, Tensor targets) {
        if (!java.util.Arrays.equals(output.shape(), targets.shape())) {
            throw new GraftException("The targets must have the output's shape " + Tensors.describe(output) + ", not "
                    + Tensors.describe(targets));
        }
    }
}
