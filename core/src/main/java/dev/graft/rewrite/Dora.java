package dev.graft.rewrite;

import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.STOP_GRADIENT;
import static dev.graft.rewrite.fusion.FusedOperators.VERSION;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Branches of low rank that turn a weight, and a magnitude for each of its outputs (Liu et al. 2024, "DoRA").
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   y = (MatMul(x, w) + factor · MatMul(MatMul(x, a), b)) · m / ‖w + factor · a · b‖ [+ b]
 * </pre>
 *
 * <p>The norms are those of the columns of a weight [in, out]; {@code m} is [out] and begins as the norms of {@code w}, so
 * the graph computes at first what it computed before. No gradient passes through the norms (section 4.3 of the paper).
 *
 * @param lora the branches
 */
public record Dora(Lora lora) implements AdapterMethod {
    /** The end of the name of the magnitudes. */
    public static final String MAGNITUDE = ".lora_magnitude_vector";

    private static final long AXES_AS_INPUT = 18;

    /** The branches of {@link Lora#standard}. */
    public static Dora standard(long seed) {
        return new Dora(Lora.standard(seed));
    }

    @Override
    public Graph apply(Graph graph) {
        return new Turning(graph).turned();
    }

    @Override
    public Rewrite forTraining() {
        return lora.forTraining()
                .then(Rules.each((links, node) -> stopped(links.graph(), node)))
                .then(graph -> graph.withOpset(DOMAIN, VERSION));
    }

    /** {@code m · (w + factor · a · b) / ‖w + factor · a · b‖} in the place of each weight. */
    @Override
    public Optional<Graph> merged(Graph graph, Map<String, Array> tuned) {
        Growth growth = Growth.over(graph, tuned);
        for (Product product : Product.in(graph, lora.where())) {
            Array weight = Objects.requireNonNull(graph.weights().get(product.weight()));
            double[] sum = lora.sum(product, weight, tuned);
            float[] magnitudes =
                    Adapter.weight(tuned, product.module() + MAGNITUDE).floats();
            double[] norms = norms(product, sum);
            for (int i = 0; i < sum.length; i++) {
                int column = column(product, i);
                sum[i] *= magnitudes[column] / norms[column];
            }
            growth.weight(product.weight(), Lora.floats(sum, weight.shape()));
        }
        return Optional.of(growth.grown());
    }

    private static double[] norms(Product product, double[] weight) {
        double[] squares = new double[product.out()];
        for (int i = 0; i < weight.length; i++) {
            squares[column(product, i)] += weight[i] * weight[i];
        }
        for (int j = 0; j < squares.length; j++) {
            squares[j] = Math.sqrt(squares[j]);
        }
        return squares;
    }

    private static int column(Product product, int place) {
        return product.transposed() ? place / product.in() : place % product.out();
    }

    private static Optional<Patch> stopped(Graph graph, Node node) {
        if (!node.is("Div") || !node.input(0).endsWith(MAGNITUDE)) {
            return Optional.empty();
        }
        String fixed = Names.in(graph).fresh(node.output() + "_fixed");
        Node stop = Node.of(STOP_GRADIENT, fixed, node.input(1)).in(DOMAIN);
        return Optional.of(Patch.of(stop, node.reading(List.of(node.input(0), fixed))));
    }

    /** One application. */
    private final class Turning {
        private final Graph graph;
        private final Growth growth;
        private final String factor;
        private final Random random = new Random(lora.seed());

        Turning(Graph graph) {
            this.graph = graph;
            this.growth = new Growth(graph);
            this.factor = growth.weight(growth.fresh("lora_factor"), Array.scalar(lora.factor()));
        }

        Graph turned() {
            Product.in(graph, lora.where()).forEach(this::turn);
            return growth.grown();
        }

        private void turn(Product product) {
            lora.draw(growth, product, random);
            Array weight = Objects.requireNonNull(graph.weights().get(product.weight()));
            double[] norms = norms(product, Lora.floats(weight));
            growth.weight(product.module() + MAGNITUDE, Lora.floats(norms, norms.length));
            Node node = product.node();
            String output = node.output();
            boolean biased = node.has(2);
            String base = growth.fresh(output + "_base");
            Lora.Branch branch = Lora.branch(growth, product, factor);
            String sum = growth.fresh(output + "_sum");
            String turned = biased ? growth.fresh(output + "_turned") : output;
            List<Node> nodes = new ArrayList<>(branch.nodes());
            String scale = scale(product, nodes);
            nodes.add(Node.of("Add", sum, base, branch.output()));
            Node last = Node.of("Mul", turned, sum, scale);
            if (biased) {
                nodes.add(last);
                last = Node.of("Add", output, turned, node.input(2));
            }
            Node bare = biased ? node.reading(node.inputs().subList(0, 2)) : node;
            growth.replace(node, bare.defining(List.of(base)), nodes, last);
        }

        /** {@code m / ‖w + factor · a · b‖}. */
        private String scale(Product product, List<Node> nodes) {
            String module = product.module();
            String change = step(nodes, "MatMul", "change", module + Lora.DOWN, module + Lora.UP);
            String scaled = step(nodes, "Mul", "scaled_change", change, factor);
            String laid = product.transposed() ? step(nodes, "Transpose", "turned_change", scaled) : scaled;
            String whole = step(nodes, "Add", "changed", product.weight(), laid);
            String norm = growth.fresh(module + ".lora_norm");
            nodes.add(norm(norm, whole, product.transposed() ? 1 : 0));
            return step(nodes, "Div", "scale", module + MAGNITUDE, norm);
        }

        private String step(List<Node> nodes, String operator, String name, String... inputs) {
            String output = growth.fresh(inputs[0] + "_" + name);
            nodes.add(Node.of(operator, output, inputs));
            return output;
        }

        private Node norm(String output, String matrix, long axis) {
            Node node = Node.of("ReduceL2", output, matrix).with("keepdims", new Attribute.Whole(0));
            if (graph.opset() < AXES_AS_INPUT) {
                return node.with("axes", new Attribute.Wholes(List.of(axis)));
            }
            String axes = growth.weight(growth.fresh("lora_axis"), Array.of(new long[] {axis}, 1));
            return node.reading(List.of(matrix, axes));
        }
    }
}
