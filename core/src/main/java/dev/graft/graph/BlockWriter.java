package dev.graft.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes {@code GraphProto}s. */
final class BlockWriter {
    private final TensorWriter tensors;
    private final NodeWriter nodes = new NodeWriter(this);

    /** A writer that puts large weights into a file of their own, if one is given. */
    BlockWriter(Optional<WeightFile> file) {
        this.tensors = new TensorWriter(file);
    }

    NodeWriter nodes() {
        return nodes;
    }

    Output block(Block block) {
        var message = new Output(block.extras().without(BlockReader.WEIGHT, BlockReader.SPARSE));
        block.nodes().forEach(node -> message.message(BlockReader.NODE, nodes.node(node)));
        message.text(BlockReader.NAME, block.name());
        Map<String, Extras.Field> sparse = sparse(block);
        Kept kept = Kept.of(block.extras(), BlockReader.WEIGHT, TensorReader.NAME);
        block.weights().forEach((name, array) -> {
            if (!sparse.containsKey(name)) {
                tensors.write(message, BlockReader.WEIGHT, name, array, kept.named(name));
            }
        });
        block.inputs().forEach(input -> message.message(BlockReader.INPUT, ValueWriter.write(input)));
        block.outputs().forEach(output -> message.message(BlockReader.OUTPUT, ValueWriter.write(output)));
        block.values().forEach(value -> message.message(BlockReader.VALUE, ValueWriter.write(value)));
        sparse.values().forEach(message::raw);
        return message;
    }

    /** The sparse weights that are still what they were, by name. */
    private static Map<String, Extras.Field> sparse(Block block) {
        var kept = new LinkedHashMap<String, Extras.Field>();
        for (Extras.Field field : block.extras().numbered(BlockReader.SPARSE)) {
            SparseReader.Sparse sparse;
            try {
                sparse = SparseReader.read(Wire.payload(field), ExternalData.none());
            } catch (GraphException e) {
                // Its arrays lie in another file, so it is written in full.
                continue;
            }
            if (Objects.equals(sparse.dense(), block.weights().get(sparse.name()))) {
                kept.put(sparse.name(), field);
            }
        }
        return kept;
    }
}
