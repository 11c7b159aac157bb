package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Leaves out whole blocks while the graph learns (LayerDrop; Fan et al. 2020).
 *
 * <pre>
 * below → block → above   ⇒   above = where(dropout(1) > 0, block(below), below)
 * </pre>
 *
 * <p>Each block is left out in each run by itself. Outside training the graph computes what it did.
 *
 * @param rate the probability that a block is left out, 0 up to 1; 0 changes nothing
 * @param blocks that may be left out; those whose values a graph does not have are left alone
 */
public record LayerDrop(double rate, List<Block> blocks) implements Rewrite {
    /**
     * A block by its values.
     *
     * @param below the value that it reads
     * @param above the value that it gives to the next one
     */
    public record Block(String below, String above) {}

    public LayerDrop {
        blocks = List.copyOf(blocks);
        if (!(rate >= 0 && rate < 1)) {
            throw new InputException("The rate of layer drop must be 0 or more and below 1, not " + rate);
        }
    }

    /** The blocks of a graph that read and give on one value each; none where no blocks are recognised. */
    public static LayerDrop in(Graph graph, double rate) {
        Depths depths = Depths.of(graph);
        Set<String> costly = Split.costly(graph);
        List<Set<String>> handed = new ArrayList<>();
        for (int depth = 0; depth <= depths.blocks(); depth++) {
            handed.add(handed(graph, depths, costly, depth));
        }
        List<Block> blocks = new ArrayList<>();
        for (int depth = 1; depth <= depths.blocks(); depth++) {
            Set<String> above = handed.get(depth);
            if (above.size() == 1) {
                String value = above.iterator().next();
                counterpart(Links.of(graph), handed.get(depth - 1), value)
                        .ifPresent(below -> blocks.add(new Block(below, value)));
            }
        }
        return new LayerDrop(rate, blocks);
    }

    /** The only value, or of several, such as a bias that all blocks share, the only one that is made as the other is. */
    private static Optional<String> counterpart(Links links, Set<String> values, String other) {
        Optional<String> operator = links.producer(other).map(Node::operator);
        List<String> alike = values.stream()
                .filter(value -> values.size() == 1
                        || links.producer(value).map(Node::operator).equals(operator))
                .toList();
        return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }

    /** The values of a depth, made of inputs and weights together, that the next depth reads or the graph gives out. */
    private static Set<String> handed(Graph graph, Depths depths, Set<String> costly, int depth) {
        Set<String> read = graph.nodes().stream()
                .filter(node -> depths.depth(node) == depth + 1)
                .flatMap(node -> Links.readings(node).stream())
                .collect(Collectors.toSet());
        if (depth == depths.blocks()) {
            graph.outputs().forEach(output -> read.add(output.name()));
        }
        return graph.nodes().stream()
                .filter(node -> depths.depth(node) == depth)
                .flatMap(node -> node.outputs().stream())
                .filter(value -> costly.contains(value) && read.contains(value))
                .collect(Collectors.toSet());
    }

    @Override
    public Graph apply(Graph graph) {
        Map<String, String> below = new HashMap<>();
        Set<String> values = graph.main().inputs().stream().map(ValueInfo::name).collect(Collectors.toSet());
        graph.nodes().forEach(node -> values.addAll(node.outputs()));
        blocks.stream()
                .filter(block -> values.contains(block.below()))
                .forEach(block -> below.put(block.above(), block.below()));
        Builder builder = new Builder(graph, "layerdrop");
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String before = node.outputs().size() == 1 ? below.get(node.output()) : null;
            if (rate == 0 || before == null) {
                nodes.add(node);
            } else {
                String own = node.output() + "/block";
                nodes.add(node.defining(List.of(own)));
                int made = builder.nodes().size();
                String kept = builder.cast(
                        "kept", builder.dropout("one", builder.weight("one", one()), rate), ElementType.BOOL);
                nodes.addAll(builder.nodes().subList(made, builder.nodes().size()));
                nodes.add(Node.of("Where", node.output(), kept, own, before));
            }
        }
        if (builder.nodes().isEmpty()) {
            return graph;
        }
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.putAll(builder.weights());
        return graph.withNodes(nodes, weights);
    }

    private static Array one() {
        return Array.of(new float[] {1}, 1);
    }
}
