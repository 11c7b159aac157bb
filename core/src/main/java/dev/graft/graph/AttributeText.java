package dev.graft.graph;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text form of attributes that hold no graphs: kind and value. */
final class AttributeText {
    private AttributeText() {}

    static String print(Attribute value) {
        if (value instanceof Attribute.Real real) {
            return ": float = " + real(real.value());
        } else if (value instanceof Attribute.Whole whole) {
            return ": int = " + whole.value();
        } else if (value instanceof Attribute.Text text) {
            return ": string = " + Words.quoted(text.value());
        } else if (value instanceof Attribute.Tensor tensor) {
            return ": tensor = " + ArrayText.print(tensor.value());
        } else if (value instanceof Attribute.Reals reals) {
            return ": floats = " + list(reals.values(), AttributeText::real);
        } else if (value instanceof Attribute.Wholes wholes) {
            return ": ints = " + list(wholes.values(), Object::toString);
        } else if (value instanceof Attribute.Texts texts) {
            return ": strings = " + list(texts.values(), Words::quoted);
        } else if (value instanceof Attribute.Tensors tensors) {
            return ": tensors = " + list(tensors.values(), ArrayText::print);
        } else if (value instanceof Attribute.Reference reference) {
            return ": " + kind(reference.kind()) + " = @" + Words.name(reference.name());
        }
        return ": " + kind(((Attribute.Opaque) value).kind()) + " = ...";
    }

    private static final List<String> KINDS = List.of(
            "undefined",
            "float",
            "int",
            "string",
            "tensor",
            "graph",
            "floats",
            "ints",
            "strings",
            "tensors",
            "graphs",
            "sparse_tensor",
            "sparse_tensors",
            "type_proto",
            "type_protos");

    private static final Map<Class<? extends Attribute>, String> ONNX_NAMES = Map.of(
            Attribute.Real.class, "float",
            Attribute.Whole.class, "int",
            Attribute.Text.class, "string",
            Attribute.Tensor.class, "tensor",
            Attribute.Body.class, "graph",
            Attribute.Reals.class, "floats",
            Attribute.Wholes.class, "ints",
            Attribute.Texts.class, "strings",
            Attribute.Tensors.class, "tensors",
            Attribute.Bodies.class, "graphs");

    static String kind(int kind) {
        return kind >= 0 && kind < KINDS.size() ? KINDS.get(kind) : "kind_" + kind;
    }

    /** How ONNX calls the kind of attribute that a record holds. */
    static String kind(Class<? extends Attribute> type) {
        return ONNX_NAMES.getOrDefault(type, "another");
    }

    /** The number of a kind, or -1 if there is none of this name. */
    static int kind(String name) {
        return KINDS.indexOf(name);
    }

    private static String real(float value) {
        return Words.real(value, Float.toString(value));
    }

    private static <T> String list(List<T> values, java.util.function.Function<T, String> print) {
        return values.stream().map(print).collect(Collectors.joining(", ", "[", "]"));
    }
}
