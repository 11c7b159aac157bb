package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One step of a graph: an operator applied to named values.
 *
 * @param name for people and errors; may be empty
 * @param operator for example {@code MatMul}
 * @param domain the operator set; empty for ONNX's own
 * @param inputs names of values; an empty name leaves an optional operand out
 * @param outputs names of the values that the node defines; an empty name leaves a result out
 * @param attributes by name, in the order of the file
 * @param extras what the file says beyond these, kept as it came
 */
public record Node(
        String name,
        String operator,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        Extras extras) {
    public Node {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(operator, "operator");
        domain = domain.equals("ai.onnx") ? "" : domain;
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** A node of ONNX's own domain with one output, which also names the node. */
    public static Node of(String operator, String output, String... inputs) {
        return new Node(output, operator, "", List.of(inputs), List.of(output), Map.of(), Extras.NONE);
    }

    /** This node in another domain. */
    public Node in(String otherDomain) {
        return new Node(name, operator, otherDomain, inputs, outputs, attributes, extras);
    }

    /** This node under another name. */
    public Node named(String otherName) {
        return new Node(otherName, operator, domain, inputs, outputs, attributes, extras);
    }

    /** This node with one attribute set. */
    public Node with(String attribute, Attribute value) {
        var changed = new LinkedHashMap<>(attributes);
        changed.put(attribute, value);
        return new Node(name, operator, domain, inputs, outputs, changed, extras);
    }

    /** This node reading other values. */
    public Node reading(List<String> otherInputs) {
        return new Node(name, operator, domain, otherInputs, outputs, attributes, extras);
    }

    /** This node with every reading of one value replaced by another. */
    public Node rewired(String from, String to) {
        var changed = new ArrayList<>(inputs);
        changed.replaceAll(input -> input.equals(from) ? to : input);
        return reading(changed);
    }

    /** This node defining other values. */
    public Node defining(List<String> otherOutputs) {
        return new Node(name, operator, domain, inputs, otherOutputs, attributes, extras);
    }

    /** Whether the node is this operator of ONNX's own domain. */
    public boolean is(String someOperator) {
        return domain.isEmpty() && operator.equals(someOperator);
    }

    /** Whether the operand at an index is given. */
    public boolean has(int index) {
        return index < inputs.size() && !inputs.get(index).isEmpty();
    }

    /** The name of the operand at an index; empty where it is left out. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** The name of the first output. */
    public String output() {
        return outputs.get(0);
    }

    /**
     * A whole-number attribute, or its default where the node does not set it.
     *
     * @throws GraphException if the attribute is of another kind, as for all that follow
     */
    public long whole(String attribute, long otherwise) {
        return attribute(attribute, Attribute.Whole.class)
                .map(Attribute.Whole::value)
                .orElse(otherwise);
    }

    /** A real attribute, or its default where the node does not set it. */
    public float real(String attribute, float otherwise) {
        return attribute(attribute, Attribute.Real.class)
                .map(Attribute.Real::value)
                .orElse(otherwise);
    }

    /** A text attribute, or its default where the node does not set it. */
    public String text(String attribute, String otherwise) {
        return attribute(attribute, Attribute.Text.class)
                .map(Attribute.Text::value)
                .orElse(otherwise);
    }

    /** A list of whole numbers, or its default where the node does not set it. */
    public List<Long> wholes(String attribute, List<Long> otherwise) {
        return attribute(attribute, Attribute.Wholes.class)
                .map(Attribute.Wholes::values)
                .orElse(otherwise);
    }

    /** An array attribute, or nothing where the node does not set it. */
    public Optional<Array> array(String attribute) {
        return attribute(attribute, Attribute.Tensor.class).map(Attribute.Tensor::value);
    }

    /**
     * An attribute of a kind, or nothing where the node does not set it.
     *
     * @throws GraphException if the attribute is of another kind
     */
    public <T extends Attribute> Optional<T> attribute(String attribute, Class<T> kind) {
        Attribute value = attributes.get(attribute);
        if (value == null || value instanceof Attribute.Reference) {
            return Optional.empty();
        }
        if (!kind.isInstance(value)) {
            throw new GraphException("The " + label() + " has attribute '" + attribute + "' of kind "
                    + AttributeText.kind(value.getClass()) + "; " + AttributeText.kind(kind)
                    + " is expected: export the model again");
        }
        return Optional.of(kind.cast(value));
    }

    /** How errors name the node: {@code node 'encoder/MatMul' (MatMul)}. */
    public String label() {
        String shown = name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
        return "node '" + shown + "' (" + (domain.isEmpty() ? "" : domain + ".") + operator + ")";
    }
}
