package dev.graft.ort;

import dev.graft.graph.Dimension;
import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds given arrays against what a model declares, so that a wrong one is named before anything runs. */
final class InputCheck {
    private final List<ValueInfo> declared;

    InputCheck(List<ValueInfo> declared) {
        this.declared = declared;
    }

    /** Refuses with every fault in one message. */
    void accept(Map<String, Array> given) {
        var faults = new ArrayList<String>();
        for (ValueInfo input : declared) {
            Array array = given.get(input.name());
            if (array == null) {
                faults.add("input '" + input.name() + "' is missing; expected " + text(input));
            } else if (!fits(input, array)) {
                faults.add("input '" + input.name() + "' is " + array + "; expected " + text(input));
            }
        }
        var unknown = new ArrayList<>(given.keySet());
        declared.forEach(input -> unknown.remove(input.name()));
        for (String name : unknown) {
            faults.add("input '" + name + "' is unknown; the model reads " + names());
        }
        if (!faults.isEmpty()) {
            throw new GraphException("The inputs do not fit the model: " + String.join("; ", faults));
        }
    }

    private String names() {
        return declared.stream().map(input -> "'" + input.name() + "'").collect(Collectors.joining(", "));
    }

    private static boolean fits(ValueInfo input, Array array) {
        return input.type().equals(Optional.of(array.type()))
                && input.shape().map(shape -> fits(shape, array.shape())).orElse(true);
    }

    private static boolean fits(List<Dimension> declared, long[] shape) {
        if (declared.size() != shape.length) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (declared.get(i) instanceof Dimension.Fixed fixed && fixed.size() != shape[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(ValueInfo input) {
        return input.type().map(type -> type.text()).orElse("a value")
                + input.shape().map(shape -> shape.toString().replace(" ", "")).orElse("");
    }
}
