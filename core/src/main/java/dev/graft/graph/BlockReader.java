package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code GraphProto}s: the main graph of a model, and the bodies inside its nodes. */
final class BlockReader {
    static final int NODE = 1;
    static final int NAME = 2;
    static final int WEIGHT = 5;
    static final int INPUT = 11;
    static final int OUTPUT = 12;
    static final int VALUE = 13;
    static final int SPARSE = 15;

    private final ExternalData files;

    BlockReader(ExternalData files) {
        this.files = files;
    }

    ExternalData files() {
        return files;
    }

    Block read(Wire wire) {
        var parts = new Parts();
        while (wire.next()) {
            field(wire, parts);
        }
        Order.Sorted sorted = Order.sort(parts.nodes);
        if (!sorted.cycle().isEmpty()) {
            throw wire.wrong("the nodes of graph '" + parts.name + "' form a cycle: " + sorted.cycle()
                    + "; a model must run from inputs to outputs: export it again");
        }
        return new Block(
                parts.name,
                parts.inputs,
                parts.outputs,
                sorted.nodes(),
                parts.weights,
                parts.values,
                Extras.of(parts.extras));
    }

    private void field(Wire wire, Parts parts) {
        switch (wire.number()) {
            case NODE -> parts.nodes.add(NodeReader.read(wire.message(), this));
            case NAME -> {
                parts.name = wire.text();
                if (parts.name.isEmpty()) {
                    parts.extras.add(wire.raw());
                }
            }
            case WEIGHT -> weight(wire, parts);
            case SPARSE -> sparse(wire, parts);
            case INPUT -> parts.inputs.add(ValueReader.read(wire.message()));
            case OUTPUT -> parts.outputs.add(ValueReader.read(wire.message()));
            case VALUE -> parts.values.add(ValueReader.read(wire.message()));
            default -> parts.extras.add(wire.raw());
        }
    }

    private void weight(Wire wire, Parts parts) {
        TensorReader.Tensor tensor = TensorReader.read(wire.message(), files, "weight");
        define(wire, parts, tensor.name(), tensor.array());
        if (tensor.external()) {
            TensorWriter.withoutPlace(tensor.name(), wire.message()).ifPresent(parts.extras::add);
        } else if (!tensor.plain()) {
            parts.extras.add(wire.raw());
        }
    }

    private void sparse(Wire wire, Parts parts) {
        SparseReader.Sparse sparse = SparseReader.read(wire.message(), files);
        define(wire, parts, sparse.name(), sparse.dense());
        parts.extras.add(wire.raw());
    }

    private static void define(Wire wire, Parts parts, String name, Array array) {
        if (parts.weights.putIfAbsent(name, array) != null) {
            throw wire.wrong("two weights of graph '" + parts.name + "' are named '" + name
                    + "'; each value is defined once: export the model again");
        }
    }

    /** What has been read so far. */
    private static final class Parts {
        private String name = "";
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, Array> weights = new LinkedHashMap<>();
        private final List<ValueInfo> inputs = new ArrayList<>();
        private final List<ValueInfo> outputs = new ArrayList<>();
        private final List<ValueInfo> values = new ArrayList<>();
        private final List<Extras.Field> extras = new ArrayList<>();
    }
}
