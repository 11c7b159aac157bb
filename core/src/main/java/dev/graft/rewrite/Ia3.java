package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A factor for each value that linear layers give out or read (Liu et al. 2022, "(IA)³").
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   y = (MatMul(x, w) [+ b]) · factors    or    y = MatMul(x · factors, w) [+ b]
 * </pre>
 *
 * <p>The factors are [out], or [1, in] for operands, and begin as 1, so the graph computes at first what it computed before.
 *
 * @param outputs the layers whose results are multiplied
 * @param inputs the layers whose operands are, unless their results are
 */
public record Ia3(Selector outputs, Selector inputs) implements AdapterMethod {
    /** The end of the name of the factors. */
    public static final String FACTORS = ".ia3_l";

    private static final Selector KEY_AND_VALUE = Selector.or(
            Selector.scope("**/key"),
            Selector.scope("**/value"),
            Selector.scope("**/k_lin"),
            Selector.scope("**/v_lin"),
            Selector.scope("**/key_proj"),
            Selector.scope("**/value_proj"),
            Selector.scope("**/attn/k"),
            Selector.scope("**/attn/v"));

    /** The factors at keys, values and what the feed-forward layers hold between their two products, as the paper puts them. */
    public static Ia3 standard() {
        return new Ia3(KEY_AND_VALUE, Bottleneck.FEED_FORWARD);
    }

    @Override
    public Graph apply(Graph graph) {
        Growth growth = new Growth(graph);
        List<Product> products = products(graph);
        Set<String> results = Product.weights(products, outputs);
        for (Product product : products) {
            boolean onResult = results.contains(product.weight());
            float[] ones = new float[onResult ? product.out() : product.in()];
            Arrays.fill(ones, 1);
            Array start = onResult ? Array.of(ones, ones.length) : Array.of(ones, 1, ones.length);
            String factors = growth.weight(product.module() + FACTORS, start);
            if (onResult) {
                Node end = product.end();
                String base = growth.fresh(end.output() + "_base");
                growth.replace(end, end.defining(List.of(base)), Node.of("Mul", end.output(), base, factors));
            } else {
                Node node = product.node();
                String scaled = growth.fresh(node.output() + "_operand");
                growth.replace(
                        node,
                        Node.of("Mul", scaled, product.operand(), factors),
                        node.rewired(product.operand(), scaled));
            }
        }
        return growth.grown();
    }

    /** The weight's columns times the factors, and the bias; or its rows. */
    @Override
    public Optional<Graph> merged(Graph graph, Map<String, Array> tuned) {
        Growth growth = Growth.over(graph, tuned);
        Links links = Links.of(graph);
        List<Product> products = products(graph);
        Set<String> results = Product.weights(products, outputs);
        for (Product product : products) {
            boolean onResult = results.contains(product.weight());
            Array weight = Objects.requireNonNull(graph.weights().get(product.weight()));
            float[] factors = Adapter.weight(tuned, product.module() + FACTORS).floats();
            float[] values = weight.floats();
            for (int i = 0; i < values.length; i++) {
                boolean last = onResult != product.transposed();
                int columns = product.transposed() ? product.in() : product.out();
                values[i] *= factors[last ? i % columns : i / columns];
            }
            growth.weight(product.weight(), Array.of(values, weight.shape()));
            if (onResult) {
                product.bias().ifPresent(bias -> scaleBias(growth, links, product, bias, factors));
            }
        }
        return Optional.of(growth.grown());
    }

    /** A bias that something else reads too stays as it is, and the layer gets its own. */
    private static void scaleBias(Growth growth, Links links, Product product, String bias, float[] factors) {
        Graph graph = links.graph();
        String source = bias;
        while (!graph.weights().containsKey(source)) {
            source = links.producer(source).orElseThrow().input(0);
        }
        float[] values = Objects.requireNonNull(graph.weights().get(source)).floats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i];
        }
        boolean own = source.equals(bias) && links.readers(bias).size() == 1;
        String name = own ? bias : growth.fresh(product.module() + ".ia3_bias");
        growth.weight(name, Array.of(values, values.length));
        if (!own) {
            growth.replace(product.end(), product.end().rewired(bias, name));
        }
    }

    private List<Product> products(Graph graph) {
        return Product.in(graph, Selector.or(outputs, inputs));
    }
}
