package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.NodeSite;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Puts a branch of low rank beside products with a weight (Hu et al. 2021, "LoRA").
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   y = MatMul(x, w) [+ b] + alpha / rank · MatMul(MatMul(x, a), b)
 * </pre>
 *
 * <p>{@code a} is [in, rank] and drawn uniformly within 1 / √in, as PEFT draws it; {@code b} is [rank, out] and zero, so
 * the graph computes at first what it computed before. Products that share a weight share the branch's weights, which are
 * named after the scope of the first: {@code encoder.layer.0.attention.self.query.lora_A.weight}.
 *
 * @param rank of the branch, 1 or more
 * @param alpha the branch's factor is alpha / rank
 * @param where the products; of the selected nodes those that multiply with a weight of two dimensions
 * @param seed of the weights' values
 */
public record Lora(int rank, double alpha, Selector where, long seed) implements Rewrite {
    /** The end of the name of a branch's first weight. */
    public static final String DOWN = ".lora_A.weight";
    /** The end of the name of a branch's second weight. */
    public static final String UP = ".lora_B.weight";

    /** The products that make queries and values, as BERT, DistilBERT, RoBERTa, ELECTRA, DeBERTa and MPNet name them. */
    public static final Selector QUERY_AND_VALUE = Selector.or(
            Selector.scope("**/query"),
            Selector.scope("**/value"),
            Selector.scope("**/q_lin"),
            Selector.scope("**/v_lin"),
            Selector.scope("**/query_proj"),
            Selector.scope("**/value_proj"),
            Selector.scope("**/attn/q"),
            Selector.scope("**/attn/v"));

    /** Which weights a graph's branches are made of. */
    public static final Selector WEIGHTS = Selector.or(Selector.name("**" + DOWN), Selector.name("**" + UP));

    public Lora {
        if (rank < 1) {
            throw new InputException("The rank of a branch must be 1 or more, not " + rank + "; 8 is usual");
        }
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new InputException("The alpha of a branch must be more than 0, not " + alpha + "; 16 is usual");
        }
    }

    /** Rank 8 and alpha 16 at queries and values. */
    public static Lora standard(long seed) {
        return new Lora(8, 16, QUERY_AND_VALUE, seed);
    }

    /**
     * The graph with branches.
     *
     * @throws GraphException if no selected node multiplies with a weight, or the graph has branches already
     */
    @Override
    public Graph apply(Graph graph) {
        if (graph.weights().keySet().stream().anyMatch(name -> name.endsWith(DOWN))) {
            throw new GraphException("The graph has branches of low rank already; merge them first");
        }
        Random random = new Random(seed);
        return grown(graph, (module, in, out) -> drawn(random, in, out));
    }

    /** Whether a weight of this name belongs to a branch. */
    public static boolean isBranch(String name) {
        return name.endsWith(DOWN) || name.endsWith(UP);
    }

    /** The graph with branches whose weights come from elsewhere. */
    Graph grown(Graph graph, Source source) {
        return new Growth(graph, source).grown();
    }

    /**
     * The weights of a branch.
     *
     * @param down [in, rank]
     * @param up [rank, out]
     */
    record Branch(Array down, Array up) {}

    /** Gives the weights of a module's branch. */
    @FunctionalInterface
    interface Source {
        Branch branch(String module, int in, int out);
    }

    private Branch drawn(Random random, int in, int out) {
        float[] down = new float[Math.multiplyExact(in, rank)];
        for (int i = 0; i < down.length; i++) {
            down[i] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt(in));
        }
        return new Branch(Array.of(down, in, rank), Array.of(new float[Math.multiplyExact(rank, out)], rank, out));
    }

    /** The product of a node with a weight of two dimensions, if it is one. */
    private static Optional<String> weight(Graph graph, Node node) {
        boolean product = node.is("MatMul") || node.is("Gemm") && node.whole("transA", 0) == 0;
        Array weight = graph.weights().get(node.input(1));
        boolean matrix = weight != null && weight.rank() == 2 && weight.type().isFloating();
        return product && matrix ? Optional.of(node.input(1)) : Optional.empty();
    }

    /** One application. */
    private final class Growth {
        private final Graph graph;
        private final Links links;
        private final Names names;
        private final Map<String, Array> weights;
        private final Map<String, String> branchOf = new HashMap<>();
        private final Map<String, List<Node>> replaced = new LinkedHashMap<>();
        private final Source source;
        private final String factor;

        Growth(Graph graph, Source source) {
            this.graph = graph;
            this.source = source;
            this.links = Links.of(graph);
            this.names = Names.in(graph);
            this.weights = new LinkedHashMap<>(graph.weights());
            this.factor = names.fresh("lora_factor");
        }

        Graph grown() {
            weights.put(factor, Array.scalar((float) (alpha / rank)));
            for (NodeSite site : Sites.of(graph).nodes()) {
                if (where.selects(site)) {
                    weight(graph, site.node()).ifPresent(weight -> grow(site, weight));
                }
            }
            if (replaced.isEmpty()) {
                throw new GraphException("No product with a weight lies where branches are to go: " + where
                        + "; 'graft inspect' shows the scopes of the model");
            }
            List<Node> nodes = new ArrayList<>();
            for (Node node : graph.nodes()) {
                nodes.addAll(
                        node.outputs().isEmpty() ? List.of(node) : replaced.getOrDefault(node.output(), List.of(node)));
            }
            return graph.withNodes(nodes, weights);
        }

        /** The branch joins behind the bias, so that product and bias stay together. */
        private void grow(NodeSite site, String weight) {
            Node product = site.node();
            Node end = links.onlyReader(product.output())
                    .filter(reader ->
                            reader.is("Add") && reader.inputs().stream().anyMatch(this::isBias))
                    .orElse(product);
            String module = branchOf.computeIfAbsent(weight, key -> weights(site, product, key));
            String base = names.fresh(end.output() + "_base");
            String low = names.fresh(end.output() + "_low");
            String high = names.fresh(end.output() + "_high");
            String scaled = names.fresh(end.output() + "_scaled");
            replaced.put(
                    end.output(),
                    List.of(
                            end.defining(List.of(base)),
                            Node.of("MatMul", low, product.input(0), module + DOWN),
                            Node.of("MatMul", high, low, module + UP),
                            Node.of("Mul", scaled, high, factor),
                            Node.of("Add", end.output(), base, scaled)));
        }

        private boolean isBias(String name) {
            Array array = graph.weights().get(name);
            return array != null && array.rank() == 1;
        }

        private String weights(NodeSite site, Node product, String name) {
            Array weight = java.util.Objects.requireNonNull(graph.weights().get(name));
            boolean transposed = product.whole("transB", 0) != 0;
            int in = Math.toIntExact(weight.size(transposed ? 1 : 0));
            int out = Math.toIntExact(weight.size(transposed ? 0 : 1));
            String path = site.scope().isEmpty() ? product.output() : site.scope();
            String module = names.fresh(path.replaceFirst("^/", "").replace('/', '.'));
            Branch branch = source.branch(module, in, out);
            weights.put(module + DOWN, branch.down());
            weights.put(module + UP, branch.up());
            return module;
        }
    }
}
