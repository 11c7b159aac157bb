package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A node whose gradient is to be compared with differences.
 *
 * @param node reads {@code a}, {@code b}, …; an operand that is empty is left out
 * @param operands float64 arrays are differentiated, others are constants
 */
record GradientCase(Node node, long opset, List<Optional<Array>> operands) {
    private static final Random RANDOM = new Random(7);

    static GradientCase of(String operator, long opset, Array... operands) {
        var names = new ArrayList<String>();
        for (int i = 0; i < operands.length; i++) {
            names.add(operands[i].elements() == 0 ? "" : name(i));
        }
        return new GradientCase(
                Node.of(operator, "y", names.toArray(new String[0])),
                opset,
                Arrays.stream(operands)
                        .map(operand -> Optional.of(operand).filter(array -> array.elements() > 0))
                        .toList());
    }

    /** An operand that is left out. */
    static Array none() {
        return Array.of(new long[0], 0);
    }

    /** Values between -1 and 1, none of them near 0. */
    static Array real(long... shape) {
        return filled(0.1, 0.95, true, shape);
    }

    static Array positive(long... shape) {
        return filled(0.2, 1.2, false, shape);
    }

    static Array aboveOne(long... shape) {
        return filled(1.1, 3, false, shape);
    }

    static Array whole(long... values) {
        return Array.of(values, values.length);
    }

    private static Array filled(double least, double most, boolean signed, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            double size = least + (most - least) * RANDOM.nextDouble();
            values[i] = signed && RANDOM.nextBoolean() ? -size : size;
        }
        return Array.of(values, shape);
    }

    GradientCase in(String domain) {
        return new GradientCase(node.in(domain), opset, operands);
    }

    GradientCase with(String attribute, long value) {
        return with(attribute, new Attribute.Whole(value));
    }

    GradientCase with(String attribute, float value) {
        return with(attribute, new Attribute.Real(value));
    }

    GradientCase with(String attribute, String value) {
        return with(attribute, new Attribute.Text(value));
    }

    GradientCase with(String attribute, List<Long> values) {
        return with(attribute, new Attribute.Wholes(values));
    }

    private GradientCase with(String attribute, Attribute value) {
        return new GradientCase(node.with(attribute, value), opset, operands);
    }

    /** The case with results before and after the one that is looked at. */
    GradientCase among(int before, int after) {
        var names = new ArrayList<String>();
        for (int i = 0; i < before + 1 + after; i++) {
            names.add(i == before ? "y" : "unread" + i);
        }
        return new GradientCase(node.defining(names), opset, operands);
    }

    /** What is differentiated, by name. */
    Map<String, Array> inputs() {
        return chosen(true);
    }

    Graph graph() {
        List<ValueInfo> inputs = inputs().keySet().stream()
                .map(name -> new ValueInfo(name, Optional.of(ElementType.DOUBLE), Optional.empty(), Extras.NONE))
                .toList();
        var output = new ValueInfo("y", Optional.empty(), Optional.<List<Dimension>>empty(), Extras.NONE);
        return Graph.of(inputs, List.of(output), List.of(node), chosen(false), opset)
                .withOpset(node.domain(), node.domain().isEmpty() ? opset : 1);
    }

    private Map<String, Array> chosen(boolean real) {
        var chosen = new LinkedHashMap<String, Array>();
        for (int i = 0; i < operands.size(); i++) {
            String name = name(i);
            operands.get(i)
                    .filter(array -> (array.type() == ElementType.DOUBLE) == real)
                    .ifPresent(array -> chosen.put(name, array));
        }
        return chosen;
    }

    private static String name(int index) {
        return String.valueOf((char) ('a' + index));
    }

    @Override
    public String toString() {
        return OpTable.qualified(node.domain(), node.operator()) + "-" + opset + " "
                + operands.stream()
                        .map(operand -> operand.map(Array::toString).orElse("-"))
                        .toList()
                + node.attributes();
    }
}
