package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Losses as nodes of a graph. */
final class LossOps {
    private static final long NONE_IGNORED = Long.MIN_VALUE;

    private LossOps() {}

    static void register(OpTable ops) {
        ops.op("NegativeLogLikelihoodLoss", 12, in -> likelihood(in, in.tensor(0)));
        ops.multi("SoftmaxCrossEntropyLoss", 12, LossOps::crossEntropy);
    }

    private static List<Tensor> crossEntropy(Call in) {
        Tensor likelihoods = torch.log_softmax(in.tensor(0), 1);
        return List.of(likelihood(in, likelihoods), likelihoods);
    }

    /**
     * The weighted loss of [batch, classes, …] by targets [batch, …]; the mean is over the weights of what counts.
     *
     * <p>By hand, for libtorch's own kernels read class weights by targets that nobody checked.
     */
    private static Tensor likelihood(Call in, Tensor likelihoods) {
        Tensor target = in.tensor(1).to(ScalarType.Long);
        long ignored = in.whole("ignore_index", NONE_IGNORED);
        Tensor counts = torch.ne(target, new Scalar(ignored));
        Tensor safe = torch.where(counts, target, torch.zeros_like(target));
        requireClasses(in, safe, likelihoods.size(1));
        Tensor chosen = torch.gather(likelihoods, 1, safe.unsqueeze(1)).squeeze(1);
        Tensor weight = counts.to(Operands.type(likelihoods));
        if (in.has(2)) {
            weight = torch.mul(
                    weight, in.tensor(2).index_select(0, safe.reshape(-1)).reshape(safe.shape()));
        }
        Tensor losses = torch.neg(torch.mul(chosen, weight));
        return switch (in.text("reduction", "mean")) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            default -> torch.div(losses.sum(), weight.sum());
        };
    }

    private static void requireClasses(Call in, Tensor target, long classes) {
        Tensor outside = torch.logical_or(torch.lt(target, new Scalar(0)), torch.ge(target, new Scalar(classes)));
        if (torch.any(outside).item_bool()) {
            throw in.refuse("has a target outside the " + classes + " classes");
        }
    }
}
