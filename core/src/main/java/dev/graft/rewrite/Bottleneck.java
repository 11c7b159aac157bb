package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two small layers behind linear layers, with a way around them (Houlsby et al. 2019, adapters).
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   h = MatMul(x, w) [+ b];  y = h + MatMul(Relu(MatMul(h, down) + down_bias), up) + up_bias
 * </pre>
 *
 * <p>{@code down} is [out, width], drawn from a normal distribution of deviation 0.02; all else is zero, so the graph
 * computes at first what it computed before. Such an adapter stays in the graph: no weight could take it in.
 *
 * @param width of the small layers, 1 or more
 * @param where the layers behind which they stand
 * @param seed of the weights' values
 */
public record Bottleneck(int width, Selector where, long seed) implements AdapterMethod {
    /** The end of the name of the first layer's weight. */
    public static final String DOWN = ".adapter_down.weight";
    /** The end of the name of the first layer's bias. */
    public static final String DOWN_BIAS = ".adapter_down.bias";
    /** The end of the name of the second layer's weight. */
    public static final String UP = ".adapter_up.weight";
    /** The end of the name of the second layer's bias. */
    public static final String UP_BIAS = ".adapter_up.bias";

    private static final Selector ATTENTION = Selector.or(
            Selector.scope("**/attention/output/dense"),
            Selector.scope("**/attention/dense"),
            Selector.scope("**/out_lin"),
            Selector.scope("**/attn/o"));

    /** The last layer of each block's feed-forward part (Pfeiffer et al. 2021). */
    public static final Selector FEED_FORWARD = Selector.and(
            Selector.or(
                    Selector.scope("**/output/dense"), Selector.scope("**/ffn/lin2"), Selector.scope("**/ffn_output")),
            Selector.not(ATTENTION));

    /** The last layers of attention and of the feed-forward part (Houlsby et al. 2019). */
    public static final Selector BOTH = Selector.or(ATTENTION, FEED_FORWARD);

    private static final double DEVIATION = 0.02;

    public Bottleneck {
        if (width < 1) {
            throw new InputException("--adapter-width must be 1 or more, not " + width + "; 24 is usual");
        }
    }

    /** Width 24 behind attention and feed-forward part. */
    public static Bottleneck standard(long seed) {
        return new Bottleneck(24, BOTH, seed);
    }

    @Override
    public Graph apply(Graph graph) {
        Growth growth = new Growth(graph);
        Random random = new Random(seed);
        for (Product product : Product.in(graph, where)) {
            String module = product.module();
            if (!growth.has(module + DOWN)) {
                draw(growth, product, random);
            }
            String output = product.end().output();
            String base = growth.fresh(output + "_base");
            String down = growth.fresh(output + "_down");
            String low = growth.fresh(output + "_low");
            String kept = growth.fresh(output + "_kept_low");
            String up = growth.fresh(output + "_up");
            String change = growth.fresh(output + "_change");
            growth.replace(
                    product.end(),
                    product.end().defining(List.of(base)),
                    Node.of("MatMul", down, base, module + DOWN),
                    Node.of("Add", low, down, module + DOWN_BIAS),
                    Node.of("Relu", kept, low),
                    Node.of("MatMul", up, kept, module + UP),
                    Node.of("Add", change, up, module + UP_BIAS),
                    Node.of("Add", output, base, change));
        }
        return growth.grown();
    }

    @Override
    public Optional<Graph> merged(Graph graph, Map<String, Array> tuned) {
        return Optional.empty();
    }

    private void draw(Growth growth, Product product, Random random) {
        int out = product.out();
        if (width > out) {
            throw new GraphException("--adapter-width " + width + " is no bottleneck behind '" + product.module()
                    + "', which gives out " + out + " values; give " + out + " at most, 24 is usual");
        }
        float[] down = new float[Math.multiplyExact(out, width)];
        for (int i = 0; i < down.length; i++) {
            down[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        growth.weight(product.module() + DOWN, Array.of(down, out, width));
        growth.weight(product.module() + DOWN_BIAS, Array.of(new float[width], width));
        growth.weight(product.module() + UP, Array.of(new float[width * out], width, out));
        growth.weight(product.module() + UP_BIAS, Array.of(new float[out], out));
    }
}
