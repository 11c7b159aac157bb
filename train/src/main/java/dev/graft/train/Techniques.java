package dev.graft.train;

import dev.graft.InputException;
import dev.graft.rewrite.FeaturesOutput;
import java.util.List;

/**
 * What every strategy may be combined with.
 *
 * @param optimizer that moves the weights, as {@link Optimizers} knows it
 * @param loss of the rows' classes, as {@link ClassLosses} knows it
 * @param classWeight what the rows of a class count in it
 * @param sampler which rows an epoch shows
 * @param regularisers beside these
 * @param metric by which the best epoch is chosen
 */
public record Techniques(
        Choice optimizer,
        Choice loss,
        ClassWeight classWeight,
        Sampler sampler,
        Regularisers regularisers,
        BestMetric metric) {
    /** What is taken where nothing is asked for. */
    public static final Techniques DEFAULT = new Techniques(
            Choice.of("adamw_torch"),
            Choice.of("cross_entropy"),
            ClassWeight.NONE,
            Sampler.NATURAL,
            Regularisers.NONE,
            BestMetric.USUAL);

    public Techniques {
        Optimizers.of(optimizer);
        ClassLosses.of(loss, 0, List.of());
    }

    /** Whether the loss compares what the head reads. */
    boolean readsFeatures() {
        return ClassLosses.of(loss, 0, List.of()).outputs().contains(FeaturesOutput.FEATURES);
    }

    /** These with another optimizer. */
    public Techniques withOptimizer(Choice other) {
        return new Techniques(other, loss, classWeight, sampler, regularisers, metric);
    }

    /** These with another loss, and other rows in it. */
    public Techniques withLoss(Choice other, ClassWeight weight, Sampler rows) {
        return new Techniques(optimizer, other, weight, rows, regularisers, metric);
    }

    /** These with other regularisers. */
    public Techniques withRegularisers(Regularisers others) {
        return new Techniques(optimizer, loss, classWeight, sampler, others, metric);
    }

    /** These once it is known which labels there are. */
    Techniques among(List<String> labels) {
        return withLoss(loss, classWeight.among(labels), sampler);
    }

    /** These with another metric. */
    public Techniques withMetric(BestMetric other) {
        return new Techniques(optimizer, loss, classWeight, sampler, regularisers, other);
    }

    /**
     * Refuses a loss that does not go with a policy's other numbers.
     *
     * @throws InputException if it does not
     */
    void requireFit(double labelSmoothing, double dropout) {
        if (labelSmoothing > 0 && loss.name().equals("focal")) {
            throw new InputException(
                    "--label-smoothing " + labelSmoothing
                            + " goes with --loss cross_entropy, r_drop or supervised_contrastive, not with focal; leave one of them out");
        }
        if (dropout == 0
                && regularisers.noise() == 0
                && ClassLosses.of(loss, 0, List.of()).passes() > 1) {
            throw new InputException(
                    "--loss " + loss.name() + " compares two passes under dropout or noise, which are the same at"
                            + " --dropout 0; give more, 0.1 is usual");
        }
    }
}
