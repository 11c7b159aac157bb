package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What gathers gradients for the weights that learn: the weights themselves, or of tables the rows that were read. */
final class Learners implements AutoCloseable {
    private final Weights weights;
    private final Map<String, String> tables;
    private final Map<String, LearnedRows> rows = new TreeMap<>();
    private final Map<String, Tensor> trainable = new LinkedHashMap<>();

    Learners(Graph bound, Weights weights) {
        this.weights = weights;
        this.tables = LearnedRows.tables(bound);
    }

    /** Replaces what learns; gradients gathered so far are dropped. */
    void choose(Set<String> names) {
        Gradients.clear(all().values());
        settle();
        trainable.keySet().forEach(name -> learns(name, false));
        trainable.clear();
        names.stream().sorted().forEach(name -> {
            if (tables.containsKey(name) && !rows.containsKey(name)) {
                rows.put(name, weights.learnByRows(weights.named(name)));
            }
            trainable.put(name, weights.named(name));
            learns(name, true);
        });
    }

    private void learns(String name, boolean learns) {
        weights.named(name).set_requires_grad(learns);
        rows(name).ifPresent(table -> table.leaf().set_requires_grad(learns));
    }

    /** The weights that learn, whole, as far as they have {@link #settle settled}. */
    Map<String, Tensor> weights() {
        return trainable;
    }

    /** What gathers the gradients of each weight. */
    Map<String, Tensor> all() {
        Map<String, Tensor> all = new LinkedHashMap<>(trainable);
        all.replaceAll((name, whole) -> rows(name).map(LearnedRows::leaf).orElse(whole));
        return all;
    }

    /** The rows of a weight that learn by themselves, where it learns by rows. */
    Optional<LearnedRows> rows(String name) {
        return Optional.ofNullable(rows.get(name));
    }

    /** Has the rows learn whose numbers an input of the graph is going to bring. */
    void expect(String input, long[] numbers) {
        rows.forEach((name, table) -> {
            if (input.equals(tables.get(name))) {
                table.take(numbers);
            }
        });
    }

    /** Notes that all were moved. */
    void moved() {
        trainable.keySet().forEach(name -> rows(name).ifPresent(LearnedRows::moved));
    }

    /** Brings the tables to where their rows have moved. */
    void settle() {
        rows.values().forEach(LearnedRows::settle);
    }

    /** Takes up tables that were written. */
    void refresh() {
        rows.values().forEach(LearnedRows::refresh);
    }

    /** Has the rows learn that an optimizer's state tells of; tables of which it tells as a whole learn so. */
    void recall(Map<String, Array> state, BiConsumer<String, LearnedRows> spread) {
        if (rows.keySet().stream()
                .anyMatch(name -> OptimizerMemory.has(state, name)
                        && OptimizerMemory.rowsOf(state, name).isEmpty())) {
            join(spread);
        }
        rows.forEach((name, table) -> OptimizerMemory.rowsOf(state, name).ifPresent(table::take));
    }

    /**
     * Has tables learn as a whole from now on, with the gradients that their rows have gathered.
     *
     * @param spread takes what else belongs to the rows of a table to the whole of it
     */
    void join(BiConsumer<String, LearnedRows> spread) {
        settle();
        tables.clear();
        rows.forEach((name, table) -> {
            spread.accept(name, table);
            join(weights.named(name), table);
        });
        close();
    }

    private void join(Tensor whole, LearnedRows table) {
        weights.learnAsWhole(whole);
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = table.leaf().grad();
            if (gradient.defined()) {
                whole.mutable_grad().put(table.whole(gradient));
            }
        }
    }

    @Override
    public void close() {
        rows.values().forEach(LearnedRows::close);
        rows.clear();
    }
}
