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
                steps && validated ? policy.earlyStoppingPatience() : usual.earlyStoppingPatience(),
                policy.weightAveraging(),
                steps ? techniques(policy, classes, validated) : Techniques.DEFAULT,
                policy.seed());
    }

    private static Techniques techniques(Policy policy, boolean classes, boolean validated) {
        Techniques own = policy.techniques();
        Techniques usual = Techniques.DEFAULT;
        Techniques read = classes ? own : own.withLoss(usual.loss(), usual.classWeight(), usual.sampler());
        Regularisers regularisers = own.regularisers();
        OptionalDouble head = regularisers.headDropout();
        if (policy.phases().isEmpty() || head.orElse(policy.dropout()) == policy.dropout()) {
            head = OptionalDouble.empty();
        }
        return read.withMetric(validated ? own.metric() : usual.metric())
                .withRegularisers(regularisers.withHeadDropout(head).withMixup(classes ? regularisers.mixup() : 0));
    }

    /** Whether a phase's rate follows the scores of rows that are held out. */
    static boolean followsValidation(Policy policy) {
        return Stream.of(policy.encoderPhases(), policy.phases())
                .flatMap(List::stream)
                .anyMatch(phase -> phase.schedule() instanceof Schedule.Plateau);
    }
}
