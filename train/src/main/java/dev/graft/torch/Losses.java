package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.mse_loss;
import static org.bytedeco.pytorch.global.torch.softplus;

import dev.graft.GraftException;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Losses as libtorch computes them. */
final class Losses {
    private static final int MEAN = 1;
    private static final long NOTHING_IGNORED = -100;

    private Losses() {}

    /** @throws GraphException if the loss reads what is no output */
    static void requireOutputs(Loss loss, List<ValueInfo> outputs) {
        for (String name : loss.outputs()) {
            if (outputs.stream().noneMatch(output -> output.name().equals(name))) {
                throw new GraphException("The loss reads '" + name + "', which is no output of the graph");
            }
        }
    }

    /** The loss as a scalar tensor with its history. */
    static Tensor of(Loss loss, Tensor output, Tensor targets) {
        try {
            return compute(loss, output, targets);
        } catch (RuntimeException e) {
            throw NativeFailure.of("The loss of output '" + loss.output() + "'", e);
        }
    }

    /**
     * The loss as a scalar tensor with its history.
     *
     * @param outputs of the graph by name
     */
    static Tensor of(Loss loss, Function<String, Tensor> outputs, Tensor targets) {
        if (!(loss instanceof Loss.Contrasted both)) {
            return of(loss, outputs.apply(loss.output()), targets);
        }
        Tensor surprise = of(both.each(), outputs.apply(both.output()), targets).mul(new Scalar(1 - both.lambda()));
        if (targets.size(0) < 2) {
            return surprise;
        }
        Tensor contrast = of(both.contrast(), outputs.apply(both.contrast().output()), targets);
        return surprise.add(contrast, new Scalar(both.lambda()));
    }

    private static Tensor compute(Loss loss, Tensor output, Tensor targets) {
        if (loss instanceof Loss.CrossEntropy crossEntropy) {
            return crossEntropy(crossEntropy, output, targets);
        } else if (loss instanceof Loss.Focal focal) {
            return focal(focal, output, targets);
        } else if (loss instanceof Loss.RDrop rDrop) {
            return rDrop(rDrop, output, targets);
        } else if (loss instanceof Loss.Mixed mixed) {
            return mixed(mixed, output, targets);
        } else if (loss instanceof Loss.MeanSquaredError) {
            checkShape(output, targets);
            return mse_loss(output, targets);
        } else if (loss instanceof Loss.BinaryCrossEntropy) {
            checkShape(output, targets);
            return softplus(output).sub(output.mul(targets)).mean();
        } else if (loss instanceof Loss.ScaledSquaredError scaled) {
            checkShape(output, targets);
            return mse_loss(output, targets).div(new Scalar(scaled.deviation() * scaled.deviation()));
        } else if (loss instanceof Loss.SupervisedContrastive contrastive) {
            return ContrastiveLosses.supervised(contrastive, output, targets);
        } else if (loss instanceof Loss.CosineSimilarity) {
            return ContrastiveLosses.cosineSimilarity(output, targets);
        }
        throw new IllegalArgumentException("Unknown loss " + loss);
    }

    private static Tensor crossEntropy(Loss.CrossEntropy loss, Tensor logits, Tensor targets) {
        checkClasses(logits, targets);
        return cross_entropy_loss(
                logits, targets, weights(loss.classWeights(), logits), MEAN, NOTHING_IGNORED, loss.labelSmoothing());
    }

    private static Tensor focal(Loss.Focal loss, Tensor logits, Tensor targets) {
        checkClasses(logits, targets);
        Tensor likelihoods = torch.log_softmax(logits, 1);
        Tensor missing = torch.rsub(torch.exp(likelihoods), new Scalar(1));
        Tensor counted = torch.mul(torch.pow(missing, new Scalar(loss.gamma())), likelihoods);
        return torch.nll_loss(counted, targets, weights(loss.classWeights(), logits), MEAN, NOTHING_IGNORED);
    }

    private static Tensor mixed(Loss.Mixed loss, Tensor logits, Tensor targets) {
        checkClasses(logits, targets);
        Tensor mixture = logits.roll(new long[] {1}, 0).lerp(logits, new Scalar(loss.share()));
        Tensor own = crossEntropy(loss.each(), mixture, targets);
        return crossEntropy(loss.each(), mixture, targets.roll(new long[] {1}, 0))
                .lerp(own, new Scalar(loss.share()));
    }

    private static Tensor rDrop(Loss.RDrop loss, Tensor logits, Tensor targets) {
        checkClasses(logits, targets);
        long rows = logits.size(0) / 2;
        if (2 * rows != logits.size(0)) {
            throw new GraftException("R-Drop needs each row twice, not " + Tensors.describe(logits));
        }
        Tensor likelihoods = torch.log_softmax(logits, 1);
        Tensor one = likelihoods.narrow(0, 0, rows);
        Tensor other = likelihoods.narrow(0, rows, rows);
        Tensor apart = torch.mul(torch.sub(torch.exp(one), torch.exp(other)), torch.sub(one, other));
        Tensor divergence = torch.mul(apart.sum(), new Scalar(loss.alpha() / 2 / Math.max(1, rows)));
        return torch.add(crossEntropy(loss.each(), logits, targets), divergence);
    }

    private static void checkClasses(Tensor logits, Tensor targets) {
        if (logits.dim() != 2 || targets.dim() != 1 || logits.size(0) != targets.size(0)) {
            throw new GraftException("Cross-entropy needs logits [batch, classes] and targets [batch], not "
                    + Tensors.describe(logits) + " and " + Tensors.describe(targets));
        }
    }

    private static TensorOptional weights(List<Double> weights, Tensor logits) {
        if (weights.isEmpty()) {
            return new TensorOptional();
        }
        if (weights.size() > logits.size(1)) {
            throw new GraftException(
                    "There are " + weights.size() + " class weights for " + logits.size(1) + " classes");
        }
        double[] values = new double[Math.toIntExact(logits.size(1))];
        Arrays.setAll(values, i -> i < weights.size() ? weights.get(i) : 1);
        return new TensorOptional(
                Tensors.of(Array.of(values, values.length)).to(logits.device(), logits.scalar_type()));
    }

    private static void checkShape(Tensor output, Tensor targets) {
        if (!Arrays.equals(output.shape(), targets.shape())) {
            throw new GraftException("The targets must have the output's shape " + Tensors.describe(output) + ", not "
                    + Tensors.describe(targets));
        }
    }
}
