package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What an optimizer remembers of each weight, and its steps. */
final class OptimizerMemory implements AutoCloseable {
    private static final char SEPARATOR = '#';

    /** The numbers of the rows that the other parts belong to, where a weight learns by rows. */
    private static final String ROWS = "rows";

    private final Map<String, Map<String, Tensor>> kept = new TreeMap<>();
    private final Map<String, Map<String, Array>> loaded = new TreeMap<>();
    private final Function<String, Optional<LearnedRows>> rows;

    /** Of weights that learn as a whole. */
    OptimizerMemory() {
        this(name -> Optional.empty());
    }

    /** @param rows of a weight that learns by rows */
    OptimizerMemory(Function<String, Optional<LearnedRows>> rows) {
        this.rows = rows;
    }

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
            if (rows.apply(name).isPresent()) {
                replace(known, part -> part.size(0) < weight.size(0), part -> LearnedRows.grown(part, weight));
            }
            return known;
        }
        Map<String, Tensor> made = new TreeMap<>(update.memory(weight));
        Map<String, Array> arrays = loaded.remove(name);
        if (arrays != null) {
            restore(name, made, new TreeMap<>(arrays));
        }
        made.values().forEach(Tensor::retainReference);
        kept.put(name, made);
        return made;
    }

    private void restore(String name, Map<String, Tensor> made, Map<String, Array> arrays) {
        Array numbers = arrays.remove(ROWS);
        requireSame(name, made.keySet(), arrays.keySet());
        arrays.forEach((part, array) -> {
            Tensor into = java.util.Objects.requireNonNull(made.get(part));
            String whole = name + SEPARATOR + part;
            if (numbers == null || array.rank() == 0) {
                Tensors.copy(whole, array, into);
            } else {
                Tensor places = Tensors.of(numbers);
                Tensors.copyRows(
                        whole,
                        array,
                        into,
                        rows.apply(name).map(table -> table.places(places)).orElse(places));
            }
        });
    }

    /** Makes parts anew that have rows. */
    private static void replace(Map<String, Tensor> parts, Predicate<Tensor> which, UnaryOperator<Tensor> making) {
        parts.replaceAll((name, part) -> {
            if (part.dim() == 0 || !which.test(part)) {
                return part;
            }
            Tensor made = making.apply(part);
            made.retainReference();
            part.deallocate();
            return made;
        });
    }

    /** Takes what is remembered of the rows of a table for what is remembered of the whole. */
    void spread(String name, LearnedRows table) {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> known = kept.get(name);
            if (known != null) {
                replace(known, part -> true, table::whole);
            }
        }
    }

    /** The rows of a weight that a state tells of, where it learned by rows. */
    static Optional<long[]> rowsOf(Map<String, Array> state, String name) {
        return Optional.ofNullable(state.get(name + SEPARATOR + ROWS)).map(Array::longs);
    }

    /** Whether a state tells of a weight. */
    static boolean has(Map<String, Array> state, String name) {
        return state.keySet().stream().anyMatch(part -> part.startsWith(name + SEPARATOR));
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
            kept.forEach((name, parts) -> {
                Optional<LearnedRows> table = rows.apply(name);
                parts.forEach((part, tensor) -> state.put(
                        name + SEPARATOR + part,
                        reading.apply(table.map(each -> each.read(tensor)).orElse(tensor))));
                table.map(LearnedRows::numbers)
                        .ifPresent(numbers -> state.put(name + SEPARATOR + ROWS, Array.of(numbers, numbers.length)));
            });
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
