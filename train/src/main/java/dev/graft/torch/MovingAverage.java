package dev.graft.torch;

import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A running average of weights, kept beside them. */
final class MovingAverage implements AutoCloseable {
    private final Map<String, Tensor> averages = new TreeMap<>();

    /** Moves each average towards its weight by a share of their difference; a weight's first average is the weight. */
    void take(Map<String, Tensor> weights, double share) {
        try (PointerScope scope = new PointerScope()) {
            weights.forEach((name, weight) -> {
                Tensor average = averages.get(name);
                if (average == null) {
                    keep(name, weight.detach().clone());
                } else {
                    average.lerp_(weight.detach(), new Scalar(share));
                }
            });
        }
    }

    /** All averages by name. */
    Map<String, Array> state(Function<Tensor, Array> reading) {
        var state = new LinkedHashMap<String, Array>();
        try (PointerScope scope = new PointerScope()) {
            averages.forEach((name, average) -> state.put(name, reading.apply(average)));
        }
        return state;
    }

    /** Takes up averages in place of the present ones; those of weights that are not among the given are left out. */
    void load(Map<String, Array> state, Map<String, Tensor> weights) {
        close();
        try (PointerScope scope = new PointerScope()) {
            weights.forEach((name, weight) -> {
                Array array = state.get(name);
                if (array != null) {
                    Tensor average = weight.detach().clone();
                    Tensors.copy(name, array, average);
                    keep(name, average);
                }
            });
        }
    }

    private void keep(String name, Tensor tensor) {
        tensor.retainReference();
        averages.put(name, tensor);
    }

    @Override
    public void close() {
        averages.values().forEach(Tensor::deallocate);
        averages.clear();
    }
}
