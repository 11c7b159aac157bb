package dev.graft.rewrite;

import static dev.graft.rewrite.fusion.FusedOperators.ATTENTION;
import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.DROPOUT_ADD;
import static dev.graft.rewrite.fusion.FusedOperators.GELU;
import static dev.graft.rewrite.fusion.FusedOperators.LAYER_NORM;
import static dev.graft.rewrite.fusion.FusedOperators.LINEAR;
import static dev.graft.rewrite.fusion.FusedOperators.NARROW;
import static dev.graft.rewrite.fusion.FusedOperators.VERSION;
import static dev.graft.rewrite.fusion.FusedOperators.WIDEN;

import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes the large products of a graph, and what lies between them, in bfloat16 (Kalamkar et al., "A study of BFLOAT16
 * for deep learning training", 2019).
 *
 * <pre>
 * Linear(x, w, b)              ⇒  Linear(narrow x, narrow w, narrow b)
 * Gelu(h), Add(h, r), …        ⇒  the same on narrowed operands, where h was computed narrow
 * LayerNorm(h, scale, bias)    ⇒  LayerNorm(narrow h, scale, bias): scale, bias and statistics stay float32
 * ReduceSum(h), …              ⇒  the same on h widened: what is named nowhere here stays float32
 * </pre>
 *
 * <p>What computes an output of the graph stays float32, so losses and answers are not rounded. Weights keep type, name and
 * content; they are narrowed where they are read, so that gradients arrive at, and optimizers move, float32 weights. The
 * casts leave all but float32 as it is, so no types need be known. Graphs in bodies of control flow stay float32.
 */
public final class MixedPrecision implements Rewrite {
    private static final int ALL = Integer.MAX_VALUE;

    /** How many leading operands are narrowed; the rest (masks, shapes, scales) stay as they are. */
    private static final Map<String, Integer> PRODUCTS =
            Map.of("MatMul", ALL, "Gemm", ALL, "Conv", ALL, DOMAIN + "." + LINEAR, ALL, DOMAIN + "." + ATTENTION, 3);

    /** Operators that are computed narrow where one of so many leading operands was. */
    private static final Map<String, Integer> FOLLOWERS = Map.ofEntries(
            Map.entry("Add", 2),
            Map.entry("Mul", 2),
            Map.entry("Div", 2),
            Map.entry("Concat", ALL),
            Map.entry(DOMAIN + "." + DROPOUT_ADD, 2),
            Map.entry(DOMAIN + "." + GELU, 1),
            Map.entry(DOMAIN + "." + LAYER_NORM, 1),
            Map.entry("Dropout", 1),
            Map.entry("Erf", 1),
            Map.entry("Expand", 1),
            Map.entry("Flatten", 1),
            Map.entry("Gather", 1),
            Map.entry("Gelu", 1),
            Map.entry("Identity", 1),
            Map.entry("LayerNormalization", 1),
            Map.entry("Relu", 1),
            Map.entry("Reshape", 1),
            Map.entry("Sigmoid", 1),
            Map.entry("Slice", 1),
            Map.entry("Softmax", 1),
            Map.entry("Split", 1),
            Map.entry("Squeeze", 1),
            Map.entry("Tanh", 1),
            Map.entry("Transpose", 1),
            Map.entry("Unsqueeze", 1));

    /** Sums may take a wide operand in; factors and quotients of wide numbers that were computed stay wide. */
    private static final Set<String> EXACT = Set.of("Mul", "Div");

    @Override
    public Graph apply(Graph graph) {
        return new Narrowing(graph).result();
    }

    private static final class Narrowing {
        private final Graph graph;
        private final Names names;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, String> narrow = new HashMap<>();
        private final Set<String> computedNarrow = new HashSet<>();
        private final Set<String> outputs = new HashSet<>();

        Narrowing(Graph graph) {
            this.graph = graph;
            this.names = Names.in(graph);
            graph.outputs().forEach(output -> outputs.add(output.name()));
        }

        Graph result() {
            for (Node node : graph.nodes()) {
                int operands = narrowed(node);
                if (operands == 0) {
                    nodes.add(node);
                } else {
                    narrow(node, operands);
                }
            }
            return narrow.isEmpty()
                    ? graph
                    : Prune.unread(graph.with(block -> block.withNodes(nodes)).withOpset(DOMAIN, VERSION));
        }

        /** How many operands of a node are to be narrowed; 0 where it stays as it is. */
        private int narrowed(Node node) {
            String operator = node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
            if (node.outputs().stream().anyMatch(outputs::contains)) {
                return 0;
            }
            int following = FOLLOWERS.getOrDefault(operator, 0);
            return PRODUCTS.getOrDefault(operator, follows(node, following) ? following : 0);
        }

        private boolean follows(Node node, int limit) {
            List<String> leading =
                    node.inputs().subList(0, Math.min(limit, node.inputs().size()));
            boolean one = leading.stream().anyMatch(computedNarrow::contains);
            boolean all = leading.stream().allMatch(name -> computedNarrow.contains(name) || isWeight(name));
            return one && (all || !EXACT.contains(node.operator()));
        }

        private boolean isWeight(String value) {
            return graph.weights().containsKey(value);
        }

        /** Adds the node on narrow operands, and under each old name its result widened. */
        private void narrow(Node node, int limit) {
            List<String> operands = new ArrayList<>(node.inputs());
            for (int i = 0; i < Math.min(limit, operands.size()); i++) {
                operands.set(i, narrow(operands.get(i)));
            }
            List<String> results = new ArrayList<>();
            List<Node> widened = new ArrayList<>();
            for (String result : node.outputs()) {
                String name = result.isEmpty() ? "" : names.fresh(result + "_narrow");
                results.add(name);
                if (!result.isEmpty()) {
                    narrow.put(result, name);
                    computedNarrow.add(result);
                    widened.add(cast(WIDEN, result, name));
                }
            }
            nodes.add(node.reading(operands).defining(results));
            nodes.addAll(widened);
        }

        /** The narrow form of a value; single numbers are left to libtorch, which takes them in at full precision. */
        private String narrow(String value) {
            Array weight = graph.weights().get(value);
            if (value.isEmpty() || weight != null && weight.rank() == 0) {
                return value;
            }
            return narrow.computeIfAbsent(value, wide -> {
                String name = names.fresh(wide + "_narrow");
                nodes.add(cast(NARROW, name, wide));
                return name;
            });
        }

        private static Node cast(String operator, String result, String value) {
            return Node.of(operator, result, value).in(DOMAIN);
        }
    }
}
