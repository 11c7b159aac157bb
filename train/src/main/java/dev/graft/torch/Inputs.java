package dev.graft.torch;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;

/** The check of what a graph is given before anything runs. */
final class Inputs {
    private Inputs() {}

    /** Refuses inputs that are missing, unknown, or of another type or shape than the graph declares. */
    static void check(Graph graph, Map<String, Content> inputs) {
        check(graph.inputs(), inputs);
    }

    /** The same for a graph of which only what it declares is known. */
    static void check(List<ValueInfo> declared, Map<String, Content> inputs) {
        List<String> names = declared.stream().map(ValueInfo::name).toList();
        for (String name : inputs.keySet()) {
            if (!names.contains(name)) {
                throw new GraphException("The graph has no input '" + name + "'; its inputs are " + names);
            }
        }
        inputs.forEach(Inputs::requireHeld);
        for (ValueInfo input : declared) {
            Content content = inputs.get(input.name());
            if (content == null) {
                throw new GraphException("Input '" + input.name() + "' is missing; given are " + inputs.keySet());
            }
            if (!fits(input, content)) {
                throw new GraphException(
                        "Input '" + input.name() + "' must be " + describe(input) + ", not " + content);
            }
        }
    }

    private static void requireHeld(String name, Content content) {
        for (Array array : content.arrays()) {
            if (Tensors.scalarType(array.type()).isEmpty()) {
                throw new GraphException("Input '" + name + "' holds " + array + ", which libtorch does not hold");
            }
        }
    }

    private static boolean fits(ValueInfo input, Content content) {
        return content instanceof Content.Single single
                ? fits(input, single.array())
                : input.type().isEmpty();
    }

    private static boolean fits(ValueInfo input, Array array) {
        return input.type().map(type -> type == array.type()).orElse(true)
                && input.shape().map(shape -> fits(shape, array)).orElse(true);
    }

    private static boolean fits(List<Dimension> shape, Array array) {
        if (shape.size() != array.rank()) {
            return false;
        }
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i) instanceof Dimension.Fixed fixed && fixed.size() != array.size(i)) {
                return false;
            }
        }
        return true;
    }

    private static String describe(ValueInfo input) {
        return input.type().map(type -> type.text()).orElse("")
                + input.shape().map(shape -> shape.toString().replace(" ", "")).orElse("");
    }
}
