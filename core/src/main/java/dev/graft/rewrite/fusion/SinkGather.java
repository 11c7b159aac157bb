package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Names;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes one position first and computes afterwards, so that a classifier of the first token has the last block computed
 * for that token alone.
 *
 * <pre>
 * Gather₁(LayerNorm(x), i)          ⇒  LayerNorm(Gather₁(x, i))             so too Gelu, Linear and what goes by elements
 * Gather₁(Add(x, y), i)             ⇒  Add(Gather₁(x, i), Gather₁(y, i))
 * Gather₁(Attention(q, k, v, m), i) ⇒  Attention(Gather₁(q, i), k, v, m)    where the mask is one for all positions
 * Gather₁(x, 0)                     ⇒  Squeeze₁(Gather₁(x, [0]))            so that the axis stays until then
 * </pre>
 *
 * <p>Keys and values are of all positions, and so is whatever else reads what was computed: only nodes that the gathering
 * alone reads move behind it.
 */
record SinkGather(Facts facts) implements Rule {
    private static final int RANK = 3;
    private static final long SQUEEZE_BY_INPUT = 13;
    private static final Set<String> ALONG_LAST =
            Set.of(FusedOperators.LAYER_NORM, FusedOperators.GELU, FusedOperators.LINEAR);

    @Override
    public Optional<Patch> match(Links links, Node node) {
        boolean takes = node.is("Gather")
                && node.whole("axis", 0) == 1
                && facts.shape(node.input(0))
                        .filter(shape -> shape.size() == RANK)
                        .isPresent()
                && facts.content(node.input(1)).filter(SinkGather::isOne).isPresent();
        if (!takes) {
            return Optional.empty();
        }
        Optional<Node> before = links.producer(node.input(0))
                .filter(inner -> links.onlyReader(node.input(0)).isPresent()
                        && inner.outputs().size() == 1);
        Optional<Set<Integer>> moving = before.flatMap(this::operands);
        if (moving.isEmpty()) {
            return Optional.empty();
        }
        boolean single = facts.shape(node.input(1)).filter(List::isEmpty).isPresent();
        return Optional.of(
                single ? keepingAxis(links, node) : sunk(links, node, before.orElseThrow(), moving.orElseThrow()));
    }

    private static boolean isOne(List<Size> indices) {
        return indices.size() == 1 && indices.get(0).isFixed();
    }

    /** The operands of which the position is to be taken, or nothing where a node does not go by positions. */
    private Optional<Set<Integer>> operands(Node node) {
        if (node.domain().equals(FusedOperators.DOMAIN)) {
            boolean each = ALONG_LAST.contains(node.operator()) || isAttention(node);
            return each ? Optional.of(Set.of(0)) : Optional.empty();
        }
        if (!node.domain().isEmpty()) {
            return Optional.empty();
        }
        if (Shapes.ALIKE.contains(node.operator())) {
            return Optional.of(Set.of(0));
        }
        return Shapes.BROADCAST.contains(node.operator()) ? broadcast(node) : Optional.empty();
    }

    /** Whether all positions are masked alike. */
    private boolean isAttention(Node node) {
        return node.operator().equals(FusedOperators.ATTENTION)
                && (!node.has(3)
                        || facts.shape(node.input(3))
                                .filter(mask -> mask.size() < 2
                                        || mask.get(mask.size() - 2).is(1))
                                .isPresent());
    }

    /** Operands of the result's shape are taken from; vectors along the last axis stay. */
    private Optional<Set<Integer>> broadcast(Node node) {
        var whole = new TreeSet<Integer>();
        Optional<List<Size>> result = facts.shape(node.output());
        for (int i = 0; i < node.inputs().size(); i++) {
            Optional<List<Size>> shape = facts.shape(node.input(i));
            if (shape.isPresent() && shape.equals(result)) {
                whole.add(i);
            } else if (shape.filter(vector -> vector.size() <= 1).isEmpty()) {
                return Optional.empty();
            }
        }
        return whole.isEmpty() ? Optional.empty() : Optional.of(whole);
    }

    private static Patch sunk(Links links, Node gather, Node before, Set<Integer> moving) {
        Names names = Names.in(links.graph());
        List<Node> nodes = new ArrayList<>();
        List<String> operands = new ArrayList<>(before.inputs());
        for (int operand : moving) {
            String taken = names.fresh(gather.output() + "_taken");
            nodes.add(gather.reading(List.of(before.input(operand), gather.input(1)))
                    .defining(List.of(taken)));
            operands.set(operand, taken);
        }
        nodes.add(before.reading(operands).defining(List.of(gather.output())));
        return new Patch(nodes, Map.of());
    }

    private Patch keepingAxis(Links links, Node gather) {
        Names names = Names.in(links.graph());
        Map<String, Array> weights = new LinkedHashMap<>();
        String index = names.fresh(gather.output() + "_index");
        Size position = facts.content(gather.input(1)).orElseThrow().get(0);
        weights.put(index, Array.of(new long[] {position.factor()}, 1));
        String taken = names.fresh(gather.output() + "_kept");
        Node kept = gather.reading(List.of(gather.input(0), index)).defining(List.of(taken));
        return new Patch(List.of(kept, squeezed(names, taken, gather.output(), weights)), weights);
    }

    private Node squeezed(Names names, String value, String output, Map<String, Array> weights) {
        if (facts.opset() < SQUEEZE_BY_INPUT) {
            return Node.of("Squeeze", output, value).with("axes", new Attribute.Wholes(List.of(1L)));
        }
        String axes = names.fresh(output + "_axes");
        weights.put(axes, Array.of(new long[] {1}, 1));
        return Node.of("Squeeze", output, value, axes);
    }
}
