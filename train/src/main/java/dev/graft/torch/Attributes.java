package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Optional;

/** What a node says of itself: its attributes, each with its default. */
public abstract sealed class Attributes permits Draws {
    /** The node itself. */
    public abstract Node node();

    /** A whole-number attribute, or its default where the node does not set it. */
    public long whole(String attribute, long otherwise) {
        return node().whole(attribute, otherwise);
    }

    /** A real attribute, or its default where the node does not set it. */
    public double real(String attribute, double otherwise) {
        return node().attribute(attribute, Attribute.Real.class)
                .map(real -> (double) real.value())
                .orElse(otherwise);
    }

    /** A text attribute, or its default where the node does not set it. */
    public String text(String attribute, String otherwise) {
        return node().text(attribute, otherwise);
    }

    /** An attribute that is 0 or 1, or its default where the node does not set it. */
    public boolean flag(String attribute, boolean otherwise) {
        return whole(attribute, otherwise ? 1 : 0) != 0;
    }

    /** A list of whole numbers, or its default where the node does not set it. */
    public long[] longs(String attribute, long... otherwise) {
        return node().attribute(attribute, Attribute.Wholes.class)
                .map(wholes ->
                        wholes.values().stream().mapToLong(Long::longValue).toArray())
                .orElse(otherwise);
    }

    /** A list of real numbers, or its default where the node does not set it. */
    public double[] reals(String attribute, double... otherwise) {
        return node().attribute(attribute, Attribute.Reals.class)
                .map(reals ->
                        reals.values().stream().mapToDouble(Float::doubleValue).toArray())
                .orElse(otherwise);
    }

    /** A list of texts; empty where the node does not set it. */
    public List<String> texts(String attribute) {
        return node().attribute(attribute, Attribute.Texts.class)
                .map(Attribute.Texts::values)
                .orElse(List.of());
    }

    /** An array attribute, or nothing where the node does not set it. */
    public Optional<Array> array(String attribute) {
        return node().array(attribute);
    }

    /** An error about this node. */
    public GraphException refuse(String what) {
        return new GraphException("The " + node().label() + " " + what);
    }
}
