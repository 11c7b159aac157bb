package dev.graft.torch;

import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The values of one run of a program.
 *
 * <p>What a node makes besides its results is freed as soon as the node has run, and a result after its last reader.
 */
final class Frame implements AutoCloseable {
    private final Program program;
    private final Weights weights;
    private final Run run;
    private final @Nullable Value[] values;
    private final boolean[] owned;

    Frame(Program program, Weights weights, Run run) {
        this.program = program;
        this.weights = weights;
        this.run = run;
        this.values = new Value[program.slots()];
        this.owned = new boolean[program.slots()];
        weights.tensors(program).forEach((slot, tensor) -> values[slot] = new Value.Single(tensor));
    }

    /** Gives a value that stays the caller's own. */
    void lend(String name, Value value) {
        lend(program.slot(name), value);
    }

    void lend(int slot, Value value) {
        values[slot] = value;
    }

    /** Whether a value was made by a node that has run here, and is still read. */
    boolean computed(int slot) {
        return owned[slot];
    }

    Value value(int slot) {
        Value value = values[slot];
        if (value == null) {
            throw new GraphException(program.describe(slot) + ", which libtorch does not hold, is read");
        }
        return value;
    }

    Value value(String name) {
        return value(program.slot(name));
    }

    /**
     * A tensor.
     *
     * @throws GraphException if the value is none
     */
    Tensor tensor(int slot) {
        Value value = value(slot);
        if (value instanceof Value.Single single) {
            return single.tensor();
        }
        throw new GraphException("A tensor is wanted where " + value.kind() + " is");
    }

    Tensor tensor(String name) {
        return tensor(program.slot(name));
    }

    Program program() {
        return program;
    }

    Weights weights() {
        return weights;
    }

    Run run() {
        return run;
    }

    /** Runs all nodes in order; afterwards the outputs have their values. Whoever watches sees every node by itself. */
    void execute() {
        boolean serves = !run.training() && run.tap() == Tap.NONE;
        execute(serves ? program.serving() : program.steps());
    }

    /** Runs the nodes from one to before another, once all before have run or what they made is lent. */
    void execute(int from, int to) {
        execute(program.steps().subList(from, to));
    }

    private void execute(List<Program.Step> steps) {
        for (Program.Step step : steps) {
            try {
                execute(step);
            } catch (RuntimeException e) {
                throw NativeFailure.of(step.node(), program.names(), operands(step), e);
            }
            step.dead().forEach(this::drop);
        }
    }

    private void execute(Program.Step step) {
        try (PointerScope scope = new PointerScope()) {
            Call call = new Call(this, step);
            List<? extends Value> results = step.operator().compute(call);
            for (int i = 0; i < step.results().size(); i++) {
                int slot = step.results().get(i);
                if (slot != Program.NONE && i >= results.size()) {
                    throw call.refuse("names " + step.results().size() + " results, but has " + results.size());
                } else if (slot != Program.NONE) {
                    keep(slot, results.get(i));
                }
            }
            if (run.tap() != Tap.NONE) {
                run.tap().ran(step.node(), shapes(step.operands()), shapes(step.results()));
            }
        }
    }

    private void keep(int slot, Value result) {
        Value own = result.handle();
        own.retain();
        values[slot] = own;
        owned[slot] = true;
    }

    private List<String> operands(Program.Step step) {
        return step.operands().stream().map(this::description).toList();
    }

    private String description(int slot) {
        Value value = slot == Program.NONE ? null : values[slot];
        return value == null ? "none" : value.description();
    }

    /** The shapes of tensors; an empty one for what is left out or is no tensor. */
    private List<long[]> shapes(List<Integer> slots) {
        return slots.stream()
                .map(slot -> slot != Program.NONE && value(slot) instanceof Value.Single single
                        ? single.tensor().shape()
                        : new long[0])
                .toList();
    }

    private void drop(int slot) {
        Value value = values[slot];
        if (owned[slot] && value != null) {
            value.free();
        }
        values[slot] = null;
        owned[slot] = false;
    }

    /** The outputs' values, which stay the frame's own. */
    List<Value> outputs() {
        var outputs = new ArrayList<Value>();
        for (ValueInfo output : program.block().outputs()) {
            outputs.add(value(output.name()));
        }
        return outputs;
    }

    @Override
    public void close() {
        for (int slot = 0; slot < values.length; slot++) {
            drop(slot);
        }
    }
}
