package dev.graft.torch;

import dev.graft.GraftException;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Losses that compare the vectors of a batch with each other. */
final class ContrastiveLosses {
    private static final double LEAST_SQUARE = 1e-24;
    private static final double NEVER = -1e30;

    private ContrastiveLosses() {}

    /** The classes' agreement between the rows of a batch, 1 or 0, with 0 for a row and itself. */
    private static Tensor positives(Tensor vectors, Tensor classes) {
        if (vectors.dim() != 2 || classes.dim() != 1 || vectors.size(0) != classes.size(0) || vectors.size(0) < 2) {
            throw new GraftException("A contrastive loss needs vectors [batch, width] of two rows or more and targets"
                    + " [batch], not " + Tensors.describe(vectors) + " and " + Tensors.describe(classes));
        }
        Tensor same = torch.eq(classes.unsqueeze(0), classes.unsqueeze(1));
        return torch.masked_fill(same, itself(vectors), new Scalar(0)).to(vectors.scalar_type());
    }

    private static Tensor itself(Tensor vectors) {
        Tensor numbers = torch.arange(new Scalar(vectors.size(0))).to(vectors.device(), torch.ScalarType.Long);
        return torch.eq(numbers.unsqueeze(0), numbers.unsqueeze(1));
    }

    private static Tensor cosines(Tensor vectors) {
        Tensor squares = torch.mul(vectors, vectors).sum(new long[] {1}, true, new ScalarTypeOptional());
        Tensor unit = torch.div(vectors, torch.sqrt(torch.clamp_min(squares, new Scalar(LEAST_SQUARE))));
        return unit.matmul(unit.t());
    }

    static Tensor supervised(Loss.SupervisedContrastive loss, Tensor vectors, Tensor classes) {
        Tensor positives = positives(vectors, classes);
        Tensor logits = torch.div(cosines(vectors), new Scalar(loss.temperature()));
        Tensor others = torch.masked_fill(logits, itself(vectors), new Scalar(NEVER));
        Tensor likelihoods = torch.sub(logits, torch.logsumexp(others, new long[] {1}, true));
        Tensor counts = positives.sum(new long[] {1}, false, new ScalarTypeOptional());
        Tensor sums = torch.mul(likelihoods, positives).sum(new long[] {1}, false, new ScalarTypeOptional());
        Tensor means = torch.div(sums, torch.clamp_min(counts, new Scalar(1)));
        Tensor rows = torch.gt(counts, new Scalar(0)).to(vectors.scalar_type()).sum();
        return torch.neg(torch.div(means.sum(), torch.clamp_min(rows, new Scalar(1))));
    }

    static Tensor cosineSimilarity(Tensor vectors, Tensor classes) {
        Tensor difference = torch.sub(cosines(vectors), positives(vectors, classes));
        Tensor pairs = torch.triu(torch.mul(difference, difference), 1);
        double count = vectors.size(0) * (vectors.size(0) - 1) / 2.0;
        return torch.div(pairs.sum(), new Scalar(count));
    }
}
