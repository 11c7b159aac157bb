package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Optional;

/** The values of {@code Constant} nodes, known before anything runs. */
final class ConstantNodes {
    private ConstantNodes() {}

    /** What a {@code Constant} node holds; empty for other nodes and for forms that are no plain array. */
    static Optional<Array> of(Node node) {
        return node.is("Constant")
                ? node.attributes().values().stream().findFirst().flatMap(ConstantNodes::array)
                : Optional.empty();
    }

    private static Optional<Array> array(Attribute attribute) {
        if (attribute instanceof Attribute.Tensor tensor) {
            return Optional.of(tensor.value());
        } else if (attribute instanceof Attribute.Real real) {
            return Optional.of(Array.scalar(real.value()));
        } else if (attribute instanceof Attribute.Whole whole) {
            return Optional.of(Array.scalar(whole.value()));
        } else if (attribute instanceof Attribute.Reals reals) {
            return Optional.of(Array.of(floats(reals.values()), reals.values().size()));
        } else if (attribute instanceof Attribute.Wholes wholes) {
            long[] values = wholes.values().stream().mapToLong(Long::longValue).toArray();
            return Optional.of(Array.of(values, values.length));
        }
        return Optional.empty();
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
