package dev.graft.train;

import java.util.List;

/** Policies that differ from another in one number. */
final class PolicyVariant {
    private PolicyVariant() {}

    static Policy withSeed(Policy policy, long seed) {
        return new Policy(
                policy.phases(),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                policy.labelSmoothing(),
                policy.dropout(),
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                seed);
    }

    static Policy withDropout(Policy policy, double dropout) {
        return new Policy(
                policy.phases(),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                policy.labelSmoothing(),
                dropout,
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                policy.seed());
    }

    static Policy withBatches(Policy policy, int batchSize, int gradientAccumulation) {
        return new Policy(
                policy.phases(),
                batchSize,
                gradientAccumulation,
                policy.weightDecay(),
                policy.labelSmoothing(),
                policy.dropout(),
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                policy.seed());
    }

    static Policy withLabelSmoothing(Policy policy, double labelSmoothing) {
        return new Policy(
                policy.phases(),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                labelSmoothing,
                policy.dropout(),
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                policy.seed());
    }

    static Policy withPatience(Policy policy, int earlyStoppingPatience) {
        return new Policy(
                policy.phases(),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                policy.labelSmoothing(),
                policy.dropout(),
                policy.maxGradNorm(),
                earlyStoppingPatience,
                policy.seed());
    }

    static Policy withPhases(Policy policy, Phase... phases) {
        return new Policy(
                List.of(phases),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                policy.labelSmoothing(),
                policy.dropout(),
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                policy.seed());
    }

    static Policy withAveraging(Policy policy, WeightAveraging averaging) {
        return new Policy(
                policy.probe(),
                policy.matching(),
                policy.adapter(),
                policy.labelRows(),
                policy.encoderPhases(),
                policy.phases(),
                policy.batchSize(),
                policy.gradientAccumulation(),
                policy.weightDecay(),
                policy.labelSmoothing(),
                policy.dropout(),
                policy.maxGradNorm(),
                policy.earlyStoppingPatience(),
                averaging,
                policy.techniques(),
                policy.seed());
    }
}
