package dev.graft.torch;

import dev.graft.tensor.Array;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Where weights began, to which they are pulled back. */
final class Anchors implements AutoCloseable {
    private final Map<String, Tensor> starts = new TreeMap<>();

    /** Adds to each gradient the weight's distance from its start. */
    void pull(Map<String, Tensor> weights, double strength, Map<String, Array> from) {
        try (PointerScope scope = new PointerScope()) {
            weights.forEach((name, weight) -> {
                Array start = from.get(name);
                Tensor gradient = weight.grad();
                if (start != null && gradient.defined()) {
                    Tensor anchor = starts.computeIfAbsent(name, key -> kept(key, start, weight));
                    gradient.add_(weight.detach(), new Scalar(strength)).add_(anchor, new Scalar(-strength));
                }
            });
        }
    }

    private static Tensor kept(String name, Array start, Tensor weight) {
        Tensor anchor = weight.detach().clone();
        Tensors.copy(name, start, anchor);
        anchor.retainReference();
        return anchor;
    }

    @Override
    public void close() {
        starts.values().forEach(Tensor::deallocate);
        starts.clear();
    }
}
