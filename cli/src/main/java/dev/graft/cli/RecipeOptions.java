package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.torch.Precision;
import dev.graft.torch.Processor;
import dev.graft.train.Recipe;
import dev.graft.train.WeightAveraging;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The numbers of a training, under Hugging Face's names. */
final class RecipeOptions {
    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "The highest learning rate (default: the strategy's; 1e-4 for full).")
    @Nullable
    Double learningRate;

    @Option(
            names = "--head-learning-rate",
            paramLabel = "X",
            description = "The highest rate of the head; 0 for that of the rest (default: the strategy's).")
    @Nullable
    Double headLearningRate;

    @Option(
            names = "--layer-decay",
            paramLabel = "X",
            description = "Factor of the rate from a block to the one below (default: the strategy's; 1 for full).")
    @Nullable
    Double layerDecay;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Passes over the training rows (default: the strategy's; 10 for full, 4 from 2,000 rows on, 3 from"
                            + " 5,000).")
    @Nullable
    Integer epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Rows a step (default: the strategy's; 16 for full).")
    @Nullable
    Integer batchSize;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens after which a text is cut (default: ${DEFAULT-VALUE}).")
    int maxLength;

    @Mixin
    private ScheduleOptions schedule = new ScheduleOptions();

    @Mixin
    private TechniqueOptions techniques = new TechniqueOptions();

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description =
                    "The optimizer's decay, biases and norms exempt (default: by the data's rows, 0.1 below 1,000, 0.01"
                            + " below 10,000, else 0.001).")
    @Nullable
    Double weightDecay;

    @Option(
            names = "--label-smoothing",
            paramLabel = "X",
            defaultValue = "0",
            description = "Share of each target spread over all classes (default: ${DEFAULT-VALUE}).")
    double labelSmoothing;

    @Option(
            names = "--dropout",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Share of values zeroed in training (default: ${DEFAULT-VALUE}).")
    double dropout;

    @Option(
            names = "--gradient-accumulation",
            paramLabel = "N",
            defaultValue = "1",
            description = "Batches whose gradients are added up for a step (default: ${DEFAULT-VALUE}).")
    int gradientAccumulation;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "X",
            defaultValue = "1",
            description = "Norm that gradients are cut to; 0 turns it off (default: ${DEFAULT-VALUE}).")
    double maxGradNorm;

    @Option(
            names = "--early-stopping-patience",
            paramLabel = "N",
            defaultValue = "3",
            description = "Epochs without a better score before stopping; 0 never stops (default: ${DEFAULT-VALUE}).")
    int earlyStoppingPatience;

    @Option(
            names = "--weight-averaging",
            paramLabel = "NAME",
            description = "What is kept of the weights: none, those of the best epoch; swa, the mean of epochs; ema, a"
                    + " moving average; wise-ft, a point between pretrained and tuned (default: the strategy's;"
                    + " none for full).")
    @Nullable
    String weightAveraging;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description = "Type of the numbers computed with: fp32; bf16; auto, which is bf16 where the processor"
                    + " multiplies it (default: ${DEFAULT-VALUE}).")
    String precision = "auto";

    Precision precision() {
        return switch (precision) {
            case "fp32" -> Precision.FP32;
            case "bf16" -> Precision.BF16;
            case "auto" -> Processor.present().fastestPrecision();
            default -> throw new InputException("--precision must be auto, fp32 or bf16, not '" + precision + "'");
        };
    }

    /** The numbers that were given, and the strategy's own for those that were not. */
    Recipe recipe(Recipe usual) {
        return new Recipe(
                given(learningRate, usual.learningRate()),
                epochs == null ? usual.epochs() : epochs,
                batchSize == null ? usual.batchSize() : batchSize,
                maxLength,
                schedule.warmup(),
                schedule.scheduler(usual.scheduler()),
                given(weightDecay, usual.weightDecay()),
                labelSmoothing,
                dropout,
                gradientAccumulation,
                maxGradNorm,
                earlyStoppingPatience,
                given(layerDecay, usual.layerDecay()),
                given(headLearningRate, usual.headLearningRate()),
                weightAveraging == null ? usual.weightAveraging() : WeightAveraging.named(weightAveraging),
                techniques.techniques());
    }

    private static double given(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
