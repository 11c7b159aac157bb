package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;

/** A node with operands that it cannot take, and what the error says of them. */
record Hostile(Node node, String complaint, List<Array> operands) {
    static Hostile of(Node node, String complaint, Array... operands) {
        return new Hostile(node, complaint, List.of(operands));
    }

    static Hostile of(String operator, String complaint, Array... operands) {
        return of(OneNode.node(operator, operands.length), complaint, operands);
    }

    static Array floats(long... shape) {
        return Array.of(new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
    }

    static Array longs(long... values) {
        return Array.of(values, values.length);
    }

    /** Runs the node, which is to be refused by its name. */
    void assertRefused(int opset) {
        assertThatThrownBy(() -> OneNode.run(node, opset, operands.toArray(new Array[0])))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node 'y' (" + name() + ")")
                .hasMessageContaining(complaint);
    }

    private String name() {
        return OpTable.qualified(node.domain(), node.operator());
    }

    @Override
    public String toString() {
        return name() + " " + complaint;
    }
}
