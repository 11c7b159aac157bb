package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What rules ask of the nodes around them. */
final class Match {
    /** How far a constant may lie from the number that a rule expects, as a share: exporters round differently. */
    private static final double TOLERANCE = 1e-4;

    private Match() {}

    /** The node of this operator that makes a value which one node alone reads. */
    static Optional<Node> inner(Links links, String value, String operator) {
        return links.producer(value, operator)
                .filter(node -> links.onlyReader(value).isPresent());
    }

    /** The number in a weight of one element. */
    static OptionalDouble number(Links links, String value) {
        Array array = links.graph().weights().get(value);
        if (array == null || array.elements() != 1) {
            return OptionalDouble.empty();
        }
        if (array.type() == ElementType.FLOAT) {
            return OptionalDouble.of(array.floats()[0]);
        }
        return array.type() == ElementType.DOUBLE
                ? OptionalDouble.of(array.bytes().getDouble(0))
                : OptionalDouble.empty();
    }

    /** Whether a value is a constant that is about this number. */
    static boolean isNumber(Links links, String value, double expected) {
        OptionalDouble number = number(links, value);
        return number.isPresent() && Math.abs(number.getAsDouble() - expected) <= TOLERANCE * Math.abs(expected);
    }

    /** The other operand of a node with two operands, one of which is a constant that is about this number. */
    static Optional<String> besides(Links links, Node node, double number) {
        for (int i = 0; i < 2 && node.inputs().size() == 2; i++) {
            if (isNumber(links, node.input(i), number)) {
                return Optional.of(node.input(1 - i));
            }
        }
        return Optional.empty();
    }

    /** The other operand of a node with two operands, one of which is this value. */
    static Optional<String> besides(Node node, String value) {
        if (node.inputs().size() != 2) {
            return Optional.empty();
        }
        if (node.input(0).equals(value)) {
            return Optional.of(node.input(1));
        }
        return node.input(1).equals(value) ? Optional.of(node.input(0)) : Optional.empty();
    }

    /** A real weight of one dimension. */
    static boolean isVector(Links links, String value) {
        return isReal(links, value, 1);
    }

    /** A real weight of two dimensions. */
    static boolean isMatrix(Links links, String value) {
        return isReal(links, value, 2);
    }

    private static boolean isReal(Links links, String value, int rank) {
        return weight(links, value)
                .filter(array -> array.rank() == rank && array.type().isFloating())
                .isPresent();
    }

    /** The weight of a name. */
    static Optional<Array> weight(Links links, String name) {
        return Optional.ofNullable(links.graph().weights().get(name));
    }

    /** A fused node that defines the value of the node which it replaces. */
    static Node fused(String operator, Node replaced, List<String> operands, Map<String, Attribute> attributes) {
        return new Node(
                replaced.name(),
                operator,
                FusedOperators.DOMAIN,
                operands,
                List.of(replaced.output()),
                attributes,
                Extras.NONE);
    }
}
