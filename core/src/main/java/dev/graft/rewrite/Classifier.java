package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Random;

/**
 * The last layer of a classifier, as every head grafts it.
 *
 * <pre>
 * vectors [rows, width]  ⇒  logits [rows, classes] = vectors · weightᵀ + bias
 * </pre>
 *
 * <p>The weight is drawn from a normal distribution of deviation 0.02 and the bias is zero, as in BERT (Devlin et al.
 * 2019).
 */
record Classifier(int classes, long seed) {
    private static final double DEVIATION = 0.02;

    /** The number of outputs, if there is one. */
    static int checked(int classes) {
        if (classes < 1) {
            throw new InputException("A head needs 1 output or more, not " + classes);
        }
        return classes;
    }

    /** The graph with what a builder holds and this layer, whose logits are its one output. */
    Graph on(Graph trunk, Builder builder, String vectors, int width) {
        String weight = builder.weight("weight", weight(width));
        String bias = builder.weight("bias", Array.of(new float[classes], classes));
        builder.define(
                Node.of("Gemm", ClassifierHead.LOGITS, vectors, weight, bias).with("transB", new Attribute.Whole(1)));
        ValueInfo logits = ValueInfo.of(
                ClassifierHead.LOGITS,
                ElementType.FLOAT,
                new Dimension.Symbol("batch_size"),
                new Dimension.Fixed(classes));
        return Prune.unread(trunk.appending(builder.nodes(), builder.weights(), List.of(logits)));
    }

    private Array weight(int width) {
        Random random = new Random(seed);
        float[] values = new float[Math.multiplyExact(classes, width)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        return Array.of(values, classes, width);
    }
}
