package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;

/**
 * Gives a number as it is meant, where the head learns it with mean 0 and deviation 1.
 *
 * <pre>
 * logits = pooled · weightᵀ + bias   ⇒   logits = (pooled · weightᵀ + bias) · deviation + mean
 * </pre>
 *
 * @param deviation more than 0
 */
public record ScaledOutput(double mean, double deviation) implements Rewrite {
    private static final String SCOPE = "classifier/scaled";

    public ScaledOutput {
        if (!Double.isFinite(mean) || !(deviation > 0 && Double.isFinite(deviation))) {
            throw new IllegalArgumentException(
                    "A scale needs a finite mean and a deviation above 0, not " + mean + " and " + deviation);
        }
    }

    @Override
    public Graph apply(Graph headed) {
        return HeadOutput.extended(
                headed,
                SCOPE,
                (builder, linear) -> {
                    String factor = builder.weight("deviation", Array.of(new float[] {(float) deviation}, 1));
                    String shift = builder.weight("mean", Array.of(new float[] {(float) mean}, 1));
                    return Node.of("Add", "shifted", builder.node("Mul", "scaled", linear, factor), shift);
                },
                HeadOutput.outputs(headed));
    }
}
