package dev.graft.train;

import dev.graft.InputException;

/**
 * The numbers that a strategy makes a policy of; names and meanings are Hugging Face's.
 *
 * @param learningRate the highest learning rate
 * @param epochs passes over the training rows
 * @param batchSize rows that pass through the network together
 * @param maxLength tokens after which a text is cut
 * @param warmup how long the rate rises
 * @param scheduler how the rate goes on, as {@link Schedules} knows it
 * @param layerDecay the factor by which the rate falls from one block to the block below it; 1 leaves all the same
 * @param headLearningRate the highest rate of the head; 0 for that of the rest
 * @param weightAveraging how the weights that are kept are made of those that training passes through
 * @param techniques that any strategy may be combined with
 */
public record Recipe(
        double learningRate,
        int epochs,
        int batchSize,
        int maxLength,
        Warmup warmup,
        Choice scheduler,
        double weightDecay,
        double labelSmoothing,
        double dropout,
        int gradientAccumulation,
        double maxGradNorm,
        int earlyStoppingPatience,
        double layerDecay,
        double headLearningRate,
        WeightAveraging weightAveraging,
        Techniques techniques) {
    public Recipe {
        if (!(layerDecay > 0 && layerDecay <= 1)) {
            throw new InputException(
                    "--layer-decay must be more than 0 and at most 1, not " + layerDecay + "; 0.95 is usual");
        }
        if (!(headLearningRate >= 0 && headLearningRate < 1)) {
            throw new InputException(
                    "--head-learning-rate must be 0 (that of the rest) or more and below 1, not " + headLearningRate);
        }
    }

    /** What is taken where nothing is asked for. */
    public static final Recipe DEFAULT = new Recipe(
            1e-4,
            10,
            16,
            128,
            Warmup.ratio(0.1),
            Choice.of("linear"),
            0.01,
            0,
            0.1,
            1,
            1,
            3,
            1,
            0,
            WeightAveraging.none(),
            Techniques.DEFAULT);

    /**
     * This recipe for so many rows: the fewer there are, the more the weights decay, 0.1 below 1,000 rows, 0.01 below
     * 10,000, 0.001 from there on.
     */
    public Recipe forRows(int rows) {
        double decay = rows < 1_000 ? 0.1 : rows < 10_000 ? 0.01 : 0.001;
        return withWeightDecay(decay);
    }

    /** This recipe with another learning rate. */
    public Recipe withLearningRate(double other) {
        return with(other, epochs, batchSize, maxLength, layerDecay, headLearningRate);
    }

    /** This recipe with another number of epochs. */
    public Recipe withEpochs(int other) {
        return with(learningRate, other, batchSize, maxLength, layerDecay, headLearningRate);
    }

    /** This recipe with another batch size. */
    public Recipe withBatchSize(int other) {
        return with(learningRate, epochs, other, maxLength, layerDecay, headLearningRate);
    }

    /** This recipe with another length after which texts are cut. */
    public Recipe withMaxLength(int other) {
        return with(learningRate, epochs, batchSize, other, layerDecay, headLearningRate);
    }

    /** This recipe with other rates for head and depths. */
    public Recipe withRates(double decay, double head) {
        return with(learningRate, epochs, batchSize, maxLength, decay, head);
    }

    /** The learning rate over a phase. */
    Schedule schedule() {
        return Schedules.of(scheduler, learningRate, warmup.read());
    }

    /** This recipe with another warm-up and another schedule. */
    public Recipe withSchedule(Warmup rise, Choice curve) {
        return with(rise, curve, weightAveraging, techniques);
    }

    /** This recipe with another averaging of weights. */
    public Recipe withWeightAveraging(WeightAveraging other) {
        return with(warmup, scheduler, other, techniques);
    }

    /** This recipe with other techniques. */
    public Recipe withTechniques(Techniques others) {
        return with(warmup, scheduler, weightAveraging, others);
    }

    /** This recipe with another weight decay. */
    public Recipe withWeightDecay(double other) {
        return with(other, labelSmoothing, dropout, gradientAccumulation, maxGradNorm, earlyStoppingPatience);
    }

    /** This recipe with another label smoothing. */
    public Recipe withLabelSmoothing(double other) {
        return with(weightDecay, other, dropout, gradientAccumulation, maxGradNorm, earlyStoppingPatience);
    }

    /** This recipe with another dropout. */
    public Recipe withDropout(double other) {
        return with(weightDecay, labelSmoothing, other, gradientAccumulation, maxGradNorm, earlyStoppingPatience);
    }

    /** This recipe with another number of batches for a step. */
    public Recipe withGradientAccumulation(int other) {
        return with(weightDecay, labelSmoothing, dropout, other, maxGradNorm, earlyStoppingPatience);
    }

    /** This recipe with another norm that gradients are cut to. */
    public Recipe withMaxGradNorm(double other) {
        return with(weightDecay, labelSmoothing, dropout, gradientAccumulation, other, earlyStoppingPatience);
    }

    /** This recipe with another patience. */
    public Recipe withEarlyStoppingPatience(int other) {
        return with(weightDecay, labelSmoothing, dropout, gradientAccumulation, maxGradNorm, other);
    }

    private Recipe with(double decay, double smoothing, double zeroed, int batches, double norm, int patience) {
        return new Recipe(
                learningRate,
                epochs,
                batchSize,
                maxLength,
                warmup,
                scheduler,
                decay,
                smoothing,
                zeroed,
                batches,
                norm,
                patience,
                layerDecay,
                headLearningRate,
                weightAveraging,
                techniques);
    }

    private Recipe with(Warmup rise, Choice curve, WeightAveraging averaging, Techniques others) {
        return new Recipe(
                learningRate,
                epochs,
                batchSize,
                maxLength,
                rise,
                curve,
                weightDecay,
                labelSmoothing,
                dropout,
                gradientAccumulation,
                maxGradNorm,
                earlyStoppingPatience,
                layerDecay,
                headLearningRate,
                averaging,
                others);
    }

    private Recipe with(double rate, int times, int rows, int length, double decay, double head) {
        return new Recipe(
                rate,
                times,
                rows,
                length,
                warmup,
                scheduler,
                weightDecay,
                labelSmoothing,
                dropout,
                gradientAccumulation,
                maxGradNorm,
                earlyStoppingPatience,
                decay,
                head,
                weightAveraging,
                techniques);
    }
}
