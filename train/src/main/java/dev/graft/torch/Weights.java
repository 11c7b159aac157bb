package dev.graft.torch;

import dev.graft.graph.GraphException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The constants of a graph and of the bodies in it, as tensors that live as long as the network. */
final class Weights implements AutoCloseable {
    private final Program main;
    private final Device device;
    private final Map<Program, Held> held = new IdentityHashMap<>();

    /** Tensors by slot, and the content of those that an operator wanted on the host. */
    private record Held(Map<Integer, Tensor> tensors, Map<Integer, long[]> longs) {}

    private final Map<Tensor, Narrowed> narrowed = new IdentityHashMap<>();

    /** A weight's bfloat16 form and the count of changes at which it was made. */
    private record Narrowed(Tensor tensor, long version) {}

    private final Map<Tensor, LearnedRows> tables = new IdentityHashMap<>();

    private final Map<Program.Step, Prepared> prepared = new IdentityHashMap<>();

    /** What a step has made of constants, and how often these had changed when it did. */
    private record Prepared(List<Tensor> tensors, long version) {}

    Weights(Program main, Device device) {
        this.main = main;
        this.device = device;
        upload(main, main.constants());
    }

    /** The constants of a program that never learns, those that it reads in bfloat16 in that form alone. */
    Weights(FrozenProgram frozen, Device device) {
        this.main = frozen.program();
        this.device = device;
        upload(main, frozen.constants());
        frozen.narrowed()
                .forEach((slot, array) -> tensors(main)
                        .put(
                                slot,
                                placeNarrow(
                                        array,
                                        Optional.ofNullable(frozen.packed().get(slot)))));
    }

    private void upload(Program program, Map<Integer, Array> constants) {
        var tensors = new HashMap<Integer, Tensor>();
        constants.forEach((slot, array) -> {
            if (Tensors.scalarType(array.type()).isPresent()) {
                tensors.put(slot, place(array));
            }
        });
        held.put(program, new Held(tensors, new ConcurrentHashMap<>()));
        program.steps().forEach(step -> step.bodies().values().forEach(body -> upload(body, body.constants())));
    }

    /** Whole numbers are shapes and indices more often than not, and stay on the host. */
    private Tensor place(Array array) {
        try (PointerScope scope = new PointerScope()) {
            Tensor host = Tensors.of(array);
            Tensor placed = new Tensor(array.type().isFloating() ? device.move(host) : host);
            placed.retainReference();
            return placed;
        }
    }

    private Tensor placeNarrow(Array array, Optional<PackedLinear> layer) {
        try (PointerScope scope = new PointerScope()) {
            Tensor wide = device.move(Tensors.of(array));
            Tensor narrow = array.type() == ElementType.FLOAT ? Tensors.narrow(wide) : wide;
            Tensor placed = new Tensor(layer.isPresent() ? layer.get().laidOut(narrow) : narrow);
            placed.retainReference();
            return placed;
        }
    }

    /**
     * A weight in bfloat16.
     *
     * <p>One that gathers gradients is converted each time, on the way of its gradient, and what was kept of it is freed, for
     * it is about to change. Others are converted once and then again when their content has changed, which libtorch counts:
     * what is computed never rests on a former content.
     *
     * @param training whether the run learns
     */
    synchronized Tensor narrow(Tensor weight, boolean training) {
        Narrowed known = narrowed.get(weight);
        if (weight.requires_grad() && (training || GradMode.is_enabled())) {
            if (known != null) {
                known.tensor().deallocate();
                narrowed.remove(weight);
            }
            return weight.to(ScalarType.BFloat16);
        }
        if (known == null || known.version() != weight._version()) {
            if (known != null) {
                known.tensor().deallocate();
            }
            Tensor made = weight.detach().to(ScalarType.BFloat16);
            made.retainReference();
            known = new Narrowed(made, weight._version());
            narrowed.put(weight, known);
        }
        return known.tensor();
    }

    /** Has a table gather its gradients by the rows that are read, which the caller closes. */
    LearnedRows learnByRows(Tensor table) {
        var rows = new LearnedRows(table, device);
        tables.put(table, rows);
        return rows;
    }

    /** Has a table gather its gradient as a whole. */
    void learnAsWhole(Tensor table) {
        tables.remove(table);
    }

    /** Rows of a matrix by their numbers, from where they learn if they do. */
    Tensor rows(Tensor matrix, Tensor numbers, boolean training) {
        LearnedRows table = training && matrix.requires_grad() ? tables.get(matrix) : null;
        return table == null ? torch.embedding(matrix, numbers) : table.look(numbers);
    }

    /**
     * What a step makes of some operands alone, for runs that do not learn. Where these are constants it is kept, and made
     * again when one of them has changed.
     *
     * @param making gives tensors of its own
     */
    synchronized List<Tensor> prepared(
            Program program, Program.Step step, int[] operands, Supplier<List<Tensor>> making) {
        long version = 0;
        for (int operand : operands) {
            int slot = operand < step.operands().size() ? step.operands().get(operand) : Program.NONE;
            Tensor constant = tensors(program).get(slot);
            if (constant == null && slot != Program.NONE) {
                return making.get();
            }
            version += constant == null ? 0 : constant._version();
        }
        Prepared known = prepared.get(step);
        if (known == null || known.version() != version) {
            if (known != null) {
                known.tensors().forEach(Tensor::deallocate);
            }
            known = new Prepared(making.get(), version);
            known.tensors().forEach(Tensor::retainReference);
            prepared.put(step, known);
        }
        return known.tensors();
    }

    private Held of(Program program) {
        return java.util.Objects.requireNonNull(held.get(program));
    }

    /** The tensors of a program's constants by slot; constants that libtorch has no type for are left out. */
    Map<Integer, Tensor> tensors(Program program) {
        return of(program).tensors();
    }

    /** The content of a constant of whole numbers. */
    long[] longs(Program program, int slot) {
        Held ofProgram = of(program);
        return ofProgram
                .longs()
                .computeIfAbsent(
                        slot,
                        key -> Tensors.longs(java.util.Objects.requireNonNull(
                                ofProgram.tensors().get(key))));
    }

    /** Whether the main graph has a weight of this name. */
    boolean has(String name) {
        return main.block().weights().containsKey(name);
    }

    /**
     * A weight of the main graph.
     *
     * @throws GraphException if the graph has no such weight
     */
    Tensor named(String name) {
        Integer slot = main.slotOf().get(name);
        Tensor tensor = slot == null ? null : of(main).tensors().get(slot);
        if (tensor == null) {
            throw new GraphException("The graph has no weight '" + name + "' that libtorch can hold");
        }
        return tensor;
    }

    /** All weights of the main graph that hold real numbers, by name. */
    Map<String, Tensor> floating() {
        var floating = new TreeMap<String, Tensor>();
        main.block().weights().forEach((name, array) -> {
            if (array.type().isFloating()) {
                floating.put(name, named(name));
            }
        });
        return floating;
    }

    @Override
    public void close() {
        narrowed.values().forEach(copy -> copy.tensor().deallocate());
        narrowed.clear();
        prepared.values().forEach(made -> made.tensors().forEach(Tensor::deallocate));
        prepared.clear();
        held.values().forEach(ofProgram -> ofProgram.tensors().values().forEach(Tensor::deallocate));
        held.clear();
    }
}
