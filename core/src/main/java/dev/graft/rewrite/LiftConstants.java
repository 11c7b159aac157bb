package dev.graft.rewrite;

import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes weights of the real arrays that an exporter wrote into {@code Constant} nodes, so that training can change them.
 *
 * <pre>
 * w = Constant(float[8,1,5,5]); y = Conv(x, w)  ⇒  y = Conv(x, w)  with the weight w
 * </pre>
 *
 * <p>Whole numbers and single numbers stay where they are: these are shapes, axes and factors.
 */
public record LiftConstants() implements Rewrite {
    @Override
    public Graph apply(Graph graph) {
        Links links = Links.of(graph);
        List<Node> nodes = new ArrayList<>();
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        for (Node node : graph.nodes()) {
            weight(node)
                    .filter(array -> !links.isOutput(node.output()))
                    .ifPresentOrElse(array -> weights.put(node.output(), array), () -> nodes.add(node));
        }
        return nodes.size() == graph.nodes().size() ? graph : graph.withNodes(nodes, weights);
    }

    private static Optional<Array> weight(Node node) {
        return node.is("Constant") && node.attributes().get("value") instanceof Attribute.Tensor tensor
                ? Optional.of(tensor.value()).filter(array -> array.type().isFloating() && array.elements() > 1)
                : Optional.empty();
    }
}
