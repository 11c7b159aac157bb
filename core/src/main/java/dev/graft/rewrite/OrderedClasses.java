package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;

/**
 * Makes of a linear head with one output fewer than there are ordered classes the log-probabilities of the classes.
 *
 * <pre>
 * z [rows, classes - 1]   ⇒   logits [rows, classes],   z_k: does the class lie above k, if it does not lie below k?
 * logits_k = log(1 - σ(z_k)) + Σ_{j &lt; k} log σ(z_j),   without the first term for the highest class
 * </pre>
 *
 * <p>These are the conditional probabilities of CORN (Shi, Cao and Raschka 2023, "Deep neural networks for rank-consistent
 * ordinal regression based on conditional probabilities"); cross-entropy of the logits is the sum of its losses. The
 * softmax of a log-probability is the probability, so whatever reads a classifier reads this head too.
 */
public record OrderedClasses() implements Rewrite {
    private static final String SCOPE = "classifier/ordered";
    private static final long CUM_SUM = 11;

    /** @throws GraphException if the graph has no linear head, or its operator set is below 11 */
    @Override
    public Graph apply(Graph headed) {
        if (headed.opset() < CUM_SUM) {
            throw new GraphException(
                    "Ordered classes need operator set " + CUM_SUM + " or later, but the model's is " + headed.opset());
        }
        return HeadOutput.extended(headed, SCOPE, OrderedClasses::nodes, HeadOutput.outputs(headed) + 1);
    }

    private static Node nodes(Builder builder, String linear) {
        String axis = builder.weight("axis", Array.scalar(1L));
        String minus = builder.node("Neg", "minus", linear);
        String above = builder.node("Neg", "log_above", builder.node("Softplus", "softplus_minus", minus));
        String not = builder.node("Neg", "log_not_above", builder.node("Softplus", "softplus", linear));
        String passed = builder.node("CumSum", "log_passed", above, axis);
        String first = builder.weight("before", Array.of(new long[] {0, 1, 0, 0}, 4));
        String last = builder.weight("after", Array.of(new long[] {0, 0, 0, 1}, 4));
        return Node.of(
                "Add",
                "log_probabilities",
                builder.node("Pad", "passed", passed, first),
                builder.node("Pad", "stopped", not, last));
    }
}
