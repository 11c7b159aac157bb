package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.Suggestion;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Zeros for every input of a graph, in shapes that the user gives or that the graph declares.
 *
 * <p>A dimension that is only named has the size that a given shape puts in the place of this name, else 1.
 *
 * @param shapes by input
 * @param assumed names of dimensions, or {@code ?} for nameless ones, that were taken as 1
 */
record SampleInputs(Map<String, List<Long>> shapes, Set<String> assumed) {
    private static final long MOST_BYTES = 1L << 30;

    SampleInputs {
        shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
        assumed = Collections.unmodifiableSet(new LinkedHashSet<>(assumed));
    }

    /**
     * The shapes for a graph's inputs.
     *
     * @param given as the user wrote them: {@code NAME=1,3,224,224}
     * @throws InputException if one is not of this form, names no input, or contradicts the graph
     */
    static SampleInputs of(Graph graph, List<String> given) {
        Map<String, List<Long>> wanted = parse(graph, given);
        Map<String, Long> sizes = sizes(graph, wanted);
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        Set<String> assumed = new LinkedHashSet<>();
        for (ValueInfo input : graph.inputs()) {
            if (wanted.containsKey(input.name())) {
                shapes.put(input.name(), wanted.get(input.name()));
            } else {
                input.shape()
                        .ifPresent(shape -> shapes.put(
                                input.name(),
                                shape.stream()
                                        .map(size -> size(size, sizes, assumed))
                                        .toList()));
            }
        }
        return new SampleInputs(shapes, assumed);
    }

    /** The arrays; empty where an input declares no shape and none is given, or holds no numbers. */
    Optional<Map<String, Array>> arrays(Graph graph) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        for (ValueInfo input : graph.inputs()) {
            List<Long> shape = shapes.get(input.name());
            ElementType type = input.type().orElse(ElementType.STRING);
            if (shape == null || type == ElementType.STRING) {
                return Optional.empty();
            }
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            arrays.put(input.name(), Array.of(type, sizes, Array.allocate(bytes(input.name(), type, shape))));
        }
        return Optional.of(arrays);
    }

    private static long bytes(String name, ElementType type, List<Long> shape) {
        try {
            long bytes = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
            if (bytes <= MOST_BYTES) {
                return bytes;
            }
        } catch (ArithmeticException e) {
            // more than a long counts, and so more than is allowed
        }
        throw new InputException("--shape " + name + "=" + text(shape) + " takes more than 1 GB; give a smaller one");
    }

    /** A shape as the user writes it: {@code 1,3,224,224}. */
    static String text(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining(","));
    }

    private static Map<String, List<Long>> parse(Graph graph, List<String> given) {
        List<String> names = graph.inputs().stream().map(ValueInfo::name).toList();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (String text : given) {
            int equals = text.lastIndexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (equals < 0 || !text.substring(equals + 1).matches("(\\d{1,18}(,\\d{1,18})*)?")) {
                throw new InputException("--shape is NAME=SIZE,SIZE,…, for example --shape "
                        + names.stream().findFirst().orElse("input") + "=1,3,224,224; '" + text + "' is not");
            }
            if (!names.contains(name)) {
                throw new InputException("--shape: the model has no input '" + name + "'; its inputs are "
                        + String.join(", ", names) + Suggestion.text(name, names));
            }
            String sizes = text.substring(equals + 1);
            shapes.put(
                    name,
                    sizes.isEmpty()
                            ? List.of()
                            : Arrays.stream(sizes.split(",")).map(Long::valueOf).toList());
        }
        return shapes;
    }

    /** What the given shapes say of named dimensions. */
    private static Map<String, Long> sizes(Graph graph, Map<String, List<Long>> wanted) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (ValueInfo input : graph.inputs()) {
            List<Long> shape = wanted.get(input.name());
            List<Dimension> declared = input.shape().orElse(List.of());
            if (shape == null || input.shape().isEmpty()) {
                continue;
            }
            for (int i = 0; i < declared.size() && declared.size() == shape.size(); i++) {
                if (declared.get(i) instanceof Dimension.Symbol symbol) {
                    sizes.putIfAbsent(symbol.name(), shape.get(i));
                }
            }
            requireFits(input, declared, shape);
        }
        return sizes;
    }

    private static void requireFits(ValueInfo input, List<Dimension> declared, List<Long> shape) {
        boolean fits = declared.size() == shape.size();
        for (int i = 0; fits && i < shape.size(); i++) {
            fits = !(declared.get(i) instanceof Dimension.Fixed fixed && fixed.size() != shape.get(i));
        }
        if (!fits) {
            throw new InputException(
                    "--shape " + input.name() + "=" + text(shape) + " contradicts the model, which declares "
                            + declared.toString().replace(" ", ""));
        }
    }

    private static long size(Dimension dimension, Map<String, Long> sizes, Set<String> assumed) {
        if (dimension instanceof Dimension.Fixed fixed) {
            return fixed.size();
        }
        String name = dimension.toString();
        Long known = sizes.get(name);
        if (known == null) {
            assumed.add(name);
        }
        return known == null ? 1 : known;
    }
}
