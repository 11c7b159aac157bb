package dev.graft.rewrite.fusion;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What holds of a graph's values in every run that succeeds: element type, shape, and the content of small arrays of
 * whole numbers, which is how exporters write shape arithmetic.
 *
 * <p>Sizes that the graph names are taken at their word: two dimensions of one name are the same size. What cannot be
 * told is left open, never guessed.
 */
final class Facts {
    /** Longer arrays are data, not shapes. */
    static final int LONGEST_CONTENT = 16;

    private final Graph graph;
    private final Map<String, ElementType> types = new HashMap<>();
    private final Map<String, List<Size>> shapes = new HashMap<>();
    private final Map<String, List<Size>> contents = new HashMap<>();
    private final Map<Size, Size> capped = new HashMap<>();

    private Facts(Graph graph) {
        this.graph = graph;
    }

    /** The facts of a graph. */
    static Facts of(Graph graph) {
        Facts facts = new Facts(graph);
        graph.inputs().forEach(facts::input);
        graph.weights().forEach(facts::weight);
        graph.nodes().forEach(facts::node);
        return facts;
    }

    Optional<ElementType> type(String value) {
        return Optional.ofNullable(types.get(value));
    }

    Optional<List<Size>> shape(String value) {
        return Optional.ofNullable(shapes.get(value));
    }

    /** The elements of a scalar or vector of whole numbers or truth values. */
    Optional<List<Size>> content(String value) {
        return Optional.ofNullable(contents.get(value));
    }

    long opset() {
        return graph.opset();
    }

    /** A size of which nothing is known but its place. */
    static Size unknown(Node node, int axis) {
        return Size.symbol(node.output() + ":" + axis);
    }

    /** The smaller of a size and a number of 2 or more. */
    Size atMost(long number, Size size) {
        Size smaller = Size.symbol("min(" + number + "," + size + ")");
        capped.put(smaller, size);
        return smaller;
    }

    /** The size that two sizes broadcast to; empty where it depends on the run. */
    Optional<Size> broadcast(Size a, Size b) {
        if (a.equals(b) || b.is(1) || a.isFixed() && !a.is(1)) {
            return Optional.of(a);
        }
        if (a.is(1) || b.isFixed()) {
            return Optional.of(b);
        }
        // min(n, s) with n of 2 or more broadcasts with s only where both are the same
        if (a.equals(capped.get(b))) {
            return Optional.of(a);
        }
        return b.equals(capped.get(a)) ? Optional.of(b) : Optional.empty();
    }

    private void input(ValueInfo input) {
        input.type().ifPresent(type -> types.put(input.name(), type));
        input.shape()
                .ifPresent(shape -> shapes.put(
                        input.name(),
                        IntStream.range(0, shape.size())
                                .mapToObj(axis -> size(shape.get(axis), input.name() + ":" + axis))
                                .toList()));
    }

    private static Size size(Dimension dimension, String place) {
        if (dimension instanceof Dimension.Fixed fixed) {
            return Size.of(fixed.size());
        }
        return Size.symbol(dimension instanceof Dimension.Symbol symbol ? symbol.name() : place);
    }

    private void weight(String name, Array array) {
        types.put(name, array.type());
        shapes.put(name, Size.listOf(array.shape()));
        boolean whole = array.type() == ElementType.INT64
                || array.type() == ElementType.INT32
                || array.type() == ElementType.BOOL;
        if (whole && array.rank() <= 1 && array.elements() <= LONGEST_CONTENT) {
            contents.put(name, Size.listOf(array.longs()));
        }
    }

    private void node(Node node) {
        boolean known = node.domain().isEmpty() || node.domain().equals(FusedOperators.DOMAIN);
        if (!known || node.outputs().isEmpty()) {
            return;
        }
        try {
            infer(node);
        } catch (IndexOutOfBoundsException | IllegalArgumentException unfit) {
            // axes or types that the operands do not have: running the node says so, here nothing is known of it
            types.remove(node.output());
            shapes.remove(node.output());
        }
    }

    private void infer(Node node) {
        String output = node.output();
        Types.of(node, this).ifPresent(type -> types.put(output, type));
        Shapes.of(node, this).ifPresent(shape -> shapes.put(output, shape));
        Contents.of(node, this)
                .filter(content -> content.size() <= LONGEST_CONTENT)
                .ifPresent(content -> contents.put(output, content));
    }
}
