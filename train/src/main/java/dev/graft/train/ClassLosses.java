package dev.graft.train;

import dev.graft.InputException;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.torch.Loss;
import java.util.List;

/** Losses of the rows' classes by name. */
public final class ClassLosses {
    private static final Choices<Maker> KNOWN = new Choices<Maker>("--loss", "--loss-args")
            .with("cross_entropy", (smoothing, weights, given) -> crossEntropy(smoothing, weights))
            .with(
                    "focal",
                    (smoothing, weights, given) ->
                            new Loss.Focal(ClassifierHead.LOGITS, given.number("gamma", 2), weights),
                    "gamma")
            .with(
                    "r_drop",
                    (smoothing, weights, given) ->
                            new Loss.RDrop(crossEntropy(smoothing, weights), given.number("alpha", 1)),
                    "alpha")
            .with(
                    "supervised_contrastive",
                    (smoothing, weights, given) -> new Loss.Contrasted(
                            crossEntropy(smoothing, weights),
                            new Loss.SupervisedContrastive(FeaturesOutput.FEATURES, given.number("temperature", 0.3)),
                            given.number("lambda", 0.9)),
                    "lambda",
                    "temperature");

    private ClassLosses() {}

    /** Makes a loss. */
    private interface Maker {
        Loss loss(double labelSmoothing, List<Double> classWeights, Choice given);
    }

    private static Loss.CrossEntropy crossEntropy(double labelSmoothing, List<Double> classWeights) {
        return new Loss.CrossEntropy(ClassifierHead.LOGITS, labelSmoothing, classWeights);
    }

    /** All names as the command line spells them. */
    public static List<String> names() {
        return KNOWN.names();
    }

    /**
     * The loss of a name with its arguments.
     *
     * @param classWeights a factor for each class, or empty for all the same
     * @throws InputException if name or arguments are wrong
     */
    static Loss of(Choice choice, double labelSmoothing, List<Double> classWeights) {
        try {
            return KNOWN.of(choice).loss(labelSmoothing, classWeights, choice);
        } catch (IllegalArgumentException e) {
            throw new InputException("--loss-args of " + choice.name() + ": " + e.getMessage(), e);
        }
    }
}
