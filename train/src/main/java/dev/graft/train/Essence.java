package dev.graft.train;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What of a policy decides the course of a training. */
final class Essence {
    private Essence() {}

    /**
     * A policy in which all that nothing reads is as it usually is; two policies of one essence train the same.
     *
     * @param validated whether rows that are held out score the epochs
     */
    static Policy of(Policy policy, boolean validated) {
        Recipe usual = Recipe.DEFAULT;
        boolean steps = !policy.phases().isEmpty() || !policy.encoderPhases().isEmpty();
        boolean scored = scores(policy, validated);
        boolean classes = policy.phases().stream().anyMatch(phase -> phase.objective() instanceof Objective.Classes);
        return new Policy(
                policy.probe(),
                policy.matching(),
                policy.adapter(),
                policy.labelRows(),
                policy.encoderPhases(),
                policy.phases(),
                steps ? policy.batchSize() : usual.batchSize(),
                steps ? policy.gradientAccumulation() : usual.gradientAccumulation(),
                steps ? policy.weightDecay() : usual.weightDecay(),
                classes ? policy.labelSmoothing() : usual.labelSmoothing(),
                steps ? policy.dropout() : usual.dropout(),
                steps ? policy.maxGradNorm() : usual.maxGradNorm(),
                steps && scored ? policy.earlyStoppingPatience() : usual.earlyStoppingPatience(),
                policy.weightAveraging(),
                steps ? techniques(policy, classes, scored) : Techniques.DEFAULT,
                policy.seed());
    }

    private static Techniques techniques(Policy policy, boolean classes, boolean scored) {
        Techniques own = policy.techniques();
        Techniques usual = Techniques.DEFAULT;
        Techniques read = classes ? own : own.withLoss(usual.loss(), usual.classWeight(), usual.sampler());
        Regularisers regularisers = own.regularisers();
        OptionalDouble head = regularisers.headDropout();
        if (policy.phases().isEmpty() || head.orElse(policy.dropout()) == policy.dropout()) {
            head = OptionalDouble.empty();
        }
        boolean chooses = scored
                || contrasts(policy)
                        && !policy.weightAveraging().interpolations().isEmpty();
        return read.withMetric(chooses ? own.metric() : usual.metric())
                .withRegularisers(regularisers.withHeadDropout(head).withMixup(classes ? regularisers.mixup() : 0));
    }

    /** Whether a phase's rate would follow scores of rows that are held out, and there are none. */
    static boolean followsNothing(Policy policy, boolean validated) {
        return !scores(policy, validated)
                && Stream.of(policy.encoderPhases(), policy.phases())
                        .flatMap(List::stream)
                        .anyMatch(phase -> phase.schedule() instanceof Schedule.Plateau);
    }

    /** Whether epochs are scored on rows that are held out; contrast learns all rows. */
    private static boolean scores(Policy policy, boolean validated) {
        return validated && !contrasts(policy);
    }

    private static boolean contrasts(Policy policy) {
        return policy.encoderPhases().stream().anyMatch(phase -> phase.objective() instanceof Objective.Contrast);
    }
}
