package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.NodeSite;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A product with a weight of two dimensions, beside which an adapter can stand: a linear layer.
 *
 * @param module the layer's name, from the scope of the first product with its weight: {@code
 *     encoder.layer.0.attention.self.query}
 * @param end the node that gives out the layer's result: the addition of its bias, else the product
 * @param bias the name by which {@code end} reads it
 * @param transposed whether the weight is [out, in]
 */
record Product(
        NodeSite site,
        String module,
        Node end,
        String weight,
        Optional<String> bias,
        boolean transposed,
        int in,
        int out) {

    Node node() {
        return site.node();
    }

    /** The value that is multiplied. */
    String operand() {
        return node().input(0);
    }

    /**
     * The selected products of a graph, in order, and those that share a weight with one.
     *
     * @throws GraphException if there is none, or the graph has an adapter already
     */
    static List<Product> in(Graph graph, Selector where) {
        if (graph.weights().keySet().stream().anyMatch(AdapterMethod::adds)) {
            throw new GraphException("The graph has an adapter already; give the graph that it was put onto");
        }
        List<Product> all = all(graph);
        Set<String> weights = weights(all, where);
        List<Product> found = all.stream()
                .filter(product -> weights.contains(product.weight()))
                .toList();
        if (found.isEmpty()) {
            throw new GraphException("No product with a weight lies where the adapter is to go: " + where
                    + "; 'graft inspect' shows the scopes of the model");
        }
        return found;
    }

    /** The weights of those products that a selector selects. */
    static Set<String> weights(List<Product> products, Selector where) {
        return products.stream()
                .filter(product -> where.selects(product.site()))
                .map(Product::weight)
                .collect(Collectors.toSet());
    }

    /** All such products of a graph. */
    static List<Product> all(Graph graph) {
        var scan = new Scan(graph, Links.of(graph), Names.in(graph), new HashMap<>());
        List<Product> products = new ArrayList<>();
        Sites.of(graph).nodes().forEach(site -> scan.product(site).ifPresent(products::add));
        return products;
    }

    private record Scan(Graph graph, Links links, Names names, Map<String, String> modules) {
        Optional<Product> product(NodeSite site) {
            Node node = site.node();
            boolean plain = node.whole("transA", 0) == 0 && node.real("alpha", 1) == 1 && node.real("beta", 1) == 1;
            if (!node.is("MatMul") && !(node.is("Gemm") && plain)) {
                return Optional.empty();
            }
            Optional<Node> turned = links.producer(node.input(1), "Transpose").filter(Scan::swaps);
            String name = source(turned.map(before -> before.input(0)).orElse(node.input(1)));
            Array weight = graph.weights().get(name);
            if (weight == null || weight.rank() != 2 || weight.type() != ElementType.FLOAT) {
                return Optional.empty();
            }
            boolean transposed = node.whole("transB", 0) != 0 ^ turned.isPresent();
            int in = Math.toIntExact(weight.size(transposed ? 1 : 0));
            int out = Math.toIntExact(weight.size(transposed ? 0 : 1));
            String module = modules.computeIfAbsent(name, key -> module(site));
            Node end = end(node, out);
            return Optional.of(new Product(site, module, end, name, bias(end, out), transposed, in, out));
        }

        private static boolean swaps(Node transpose) {
            return transpose
                    .attribute("perm", Attribute.Wholes.class)
                    .map(order -> order.values().equals(List.of(1L, 0L)))
                    .orElse(true);
        }

        private String module(NodeSite site) {
            String path = site.scope().isEmpty() ? site.node().output() : site.scope();
            return names.fresh(path.replaceFirst("^/", "").replace('/', '.'));
        }

        private Node end(Node node, int out) {
            return node.has(2)
                    ? node
                    : links.onlyReader(node.output())
                            .filter(reader ->
                                    reader.is("Add") && bias(reader, out).isPresent())
                            .orElse(node);
        }

        private Optional<String> bias(Node end, int out) {
            return end.inputs().stream()
                    .filter(name -> {
                        Array array = graph.weights().get(source(name));
                        return array != null && array.rank() == 1 && array.elements() == out;
                    })
                    .findFirst();
        }

        /** The name of a weight that comes through {@code Identity}, as exporters write a shared one. */
        private String source(String name) {
            return links.producer(name, "Identity")
                    .map(node -> source(node.input(0)))
                    .orElse(name);
        }
    }
}
