package dev.graft.rewrite;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes the branches of {@link Lora} into the weights beside which they stand.
 *
 * <pre>
 * MatMul(x, w) [+ b] + factor · MatMul(MatMul(x, a), b)   ⇒   MatMul(x, w + factor · a · b) [+ b]
 * </pre>
 *
 * <p>The graph has the nodes and the names that it had before the branches; it computes the same up to rounding.
 */
public record MergeLora() implements Rewrite {
    @Override
    public Graph apply(Graph graph) {
        boolean any = graph.weights().keySet().stream().anyMatch(name -> name.endsWith(Lora.DOWN));
        return any ? new Merging(graph).merged() : graph;
    }

    private static final class Merging {
        private final Graph graph;
        private final Links links;
        private final Map<String, Array> weights;
        private final Map<String, Node> ends = new HashMap<>();
        private final Set<String> dropped = new HashSet<>();
        private final Set<String> done = new HashSet<>();

        Merging(Graph graph) {
            this.graph = graph;
            this.links = Links.of(graph);
            this.weights = new LinkedHashMap<>(graph.weights());
        }

        Graph merged() {
            graph.weights().keySet().stream()
                    .filter(name -> name.endsWith(Lora.DOWN))
                    .forEach(down -> links.readers(down).forEach(low -> take(low, down)));
            List<Node> nodes = new ArrayList<>();
            for (Node node : graph.nodes()) {
                if (!dropped.contains(node.output())) {
                    nodes.add(ends.getOrDefault(node.output(), node));
                }
            }
            return Prune.unread(graph.withNodes(nodes, weights));
        }

        private void take(Node low, String down) {
            Node high = reader(low);
            Node scaled = reader(high);
            Node sum = reader(scaled);
            Node end = links.producer(sum.input(0)).orElseThrow(() -> broken(sum));
            Node product = end.is("Add") ? product(end) : end;
            if (done.add(down)) {
                String weight = product.input(1);
                float factor = array(scaled.input(1)).floats()[0];
                boolean transposed = product.whole("transB", 0) != 0;
                weights.put(weight, added(array(weight), array(down), array(high.input(1)), factor, transposed));
            }
            ends.put(end.output(), end.defining(List.of(sum.output())));
            List.of(low, high, scaled, sum).forEach(node -> dropped.add(node.output()));
        }

        private Node product(Node biased) {
            return biased.inputs().stream()
                    .flatMap(input -> links.producer(input).stream())
                    .filter(node -> node.is("MatMul"))
                    .findFirst()
                    .orElseThrow(() -> broken(biased));
        }

        private Node reader(Node node) {
            return links.onlyReader(node.output()).orElseThrow(() -> broken(node));
        }

        private Array array(String name) {
            return Objects.requireNonNull(graph.weights().get(name), name);
        }

        private static GraphException broken(Node node) {
            return new GraphException("The " + node.label()
                    + " belongs to a branch of low rank that is not as Lora makes" + " it, so it cannot be merged");
        }

        private static Array added(Array weight, Array down, Array up, float factor, boolean transposed) {
            int in = Math.toIntExact(down.size(0));
            int rank = Math.toIntExact(down.size(1));
            int out = Math.toIntExact(up.size(1));
            float[] sum = weight.floats();
            float[] a = down.floats();
            float[] b = up.floats();
            for (int i = 0; i < in; i++) {
                for (int j = 0; j < out; j++) {
                    double product = 0;
                    for (int k = 0; k < rank; k++) {
                        product += (double) a[i * rank + k] * b[k * out + j];
                    }
                    sum[transposed ? j * in + i : i * out + j] += (float) (factor * product);
                }
            }
            return Array.of(sum, weight.shape());
        }
    }
}
