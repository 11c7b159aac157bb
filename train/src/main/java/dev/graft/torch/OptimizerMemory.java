package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What an optimizer remembers of each weight, and its steps. */
final class OptimizerMemory implements AutoCloseable {
    private static final char SEPARATOR = '#';

    private final Map<String, Map<String, Tensor>> kept = new TreeMap<>();
    private final Map<String, Map<String, Array>> loaded = new TreeMap<>();

    /**
     * Moves each weight by its gradient; gradients are left as they are.
     *
     * @throws GraftException if a memory that was loaded does not fit a weight
     */
    void step(Map<String, Tensor> weights, Optimizer settings, ToDoubleFunction<String> rateOfWeight) {
        Update update = Update.of(settings.rule());
        var groups = new LinkedHashMap<Update.Group, List<Update.Moved>>();
        try (PointerScope scope = new PointerScope()) {
            weights.forEach((name, weight) -> {
                Tensor gradient = weight.grad();
                if (gradient.defined()) {
                    var group = new Update.Group(rateOfWeight.applyAsDouble(name), settings.decayOf(name));
                    groups.computeIfAbsent(group, key -> new ArrayList<>())
                            .add(new Update.Moved(weight, gradient, memory(name, weight, update)));
                }
            });
            groups.forEach(update::step);
        }
    }

    private Map<String, Tensor> memory(String name, Tensor weight, Update update) {
        Map<String, Tensor> known = kept.get(name);
        if (known != null) {
            return known;
        }
        Map<String, Tensor> made = new TreeMap<>(update.memory(weight));
        Map<String, Array> arrays = loaded.remove(name);
        if (arrays != null) {
            requireSame(name, made.keySet(), arrays.keySet());
            arrays.forEach((part, array) ->
                    Tensors.copy(name + SEPARATOR + part, array, java.util.Objects.requireNonNull(made.get(part))));
        }
        made.values().forEach(Tensor::retainReference);
        kept.put(name, made);
        return made;
    }

    private static void requireSame(String name, Set<String> wanted, Set<String> came) {
        if (!wanted.equals(came)) {
            throw new GraftException("The optimizer's state of '" + name + "' must hold " + wanted + ", not " + came
                    + "; the checkpoint is not whole, or another optimizer's");
        }
    }

    /** All memory, by the name of the weight and the part. */
    Map<String, Array> state(Function<Tensor, Array> reading) {
        var state = new LinkedHashMap<String, Array>();
        try (PointerScope scope = new PointerScope()) {
            kept.forEach((name, parts) ->
                    parts.forEach((part, tensor) -> state.put(name + SEPARATOR + part, reading.apply(tensor))));
        }
        loaded.forEach((name, parts) -> parts.forEach((part, array) -> state.put(name + SEPARATOR + part, array)));
        return state;
    }

    /** Takes up a state in place of the present one, as far as it is that of some weights. */
    void load(Map<String, Array> state, Set<String> weights) {
        close();
        state.forEach((name, array) -> {
            int end = name.lastIndexOf(SEPARATOR);
            if (end > 0 && weights.contains(name.substring(0, end))) {
                loaded.computeIfAbsent(name.substring(0, end), key -> new TreeMap<>())
                        .put(name.substring(end + 1), array);
            }
        });
    }

    @Override
    public void close() {
        kept.values().forEach(parts -> parts.values().forEach(Tensor::deallocate));
        kept.clear();
        loaded.clear();
    }
}
