package dev.graft.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A way forward that keeps only what crosses from one part of a program to the next, and a way back that computes each
 * part once more from there, with the same random numbers (gradient checkpointing; Chen et al. 2016).
 */
final class Recomputation implements Passes.Way {
    private final Program program;
    private final Weights weights;
    private final Segments segments;
    private final Map<String, Value> inputs;
    private final List<Start> starts = new ArrayList<>();
    private final List<Segments.Part> parts;
    private final Map<Integer, Tensor> gradients = new HashMap<>();
    private Map<Integer, Tensor> leaves = Map.of();

    /** @param inputs of the graph by name; they must outlive this */
    Recomputation(Program program, Weights weights, Map<String, Value> inputs) {
        this.program = program;
        this.weights = weights;
        this.segments = Segments.of(program, weights);
        this.parts = new ArrayList<>(segments.parts());
        this.inputs = inputs;
    }

    /** Where a part begins: what crosses into it, and the run as it was then. */
    private record Start(Map<Integer, Value> values, Run run) implements AutoCloseable {
        @Override
        public void close() {
            values.values().forEach(Value::free);
        }
    }

    /** Computes all parts, the last one so that gradients find their way back to where it begins. */
    @Override
    public Tensor forward(Run run, Function<Frame, Tensor> ending) {
        Gradients.recording(false, () -> {
            keepStarts(run);
            return run;
        });
        Segments.Part last = parts.get(parts.size() - 1);
        try (Frame frame = frame(run)) {
            leaves = lend(frame, starts.get(parts.size() - 1));
            frame.execute(last.from(), last.to());
            return ending.apply(frame);
        }
    }

    /** Runs all parts but the last. Two parts between which a sequence crosses, which can be no leaf, become one. */
    private void keepStarts(Run run) {
        try (Frame frame = frame(run)) {
            frame.execute(0, parts.get(0).from());
            starts.add(start(frame, parts.get(0), run));
            int done = parts.get(0).from();
            while (starts.size() < parts.size()) {
                int present = starts.size() - 1;
                Segments.Part next = parts.get(present + 1);
                frame.execute(done, next.from());
                done = next.from();
                if (next.crossing().stream().allMatch(slot -> canBegin(frame, slot))) {
                    starts.add(start(frame, next, run));
                } else {
                    Segments.Part before = parts.get(present);
                    parts.set(present, new Segments.Part(before.from(), next.to(), before.crossing()));
                    parts.remove(present + 1);
                }
            }
        }
    }

    private boolean canBegin(Frame frame, int slot) {
        return !segments.learning()[slot] || frame.value(slot) instanceof Value.Single;
    }

    @Override
    public void backward(Tensor loss) {
        Gradients.add(loss, program.names().graph());
        for (int part = parts.size() - 1; part >= 0; part--) {
            if (part < parts.size() - 1) {
                again(part);
            }
            gather();
            starts.remove(part).close();
        }
    }

    private void again(int number) {
        Segments.Part part = parts.get(number);
        Start start = starts.get(number);
        try (PointerScope scope = new PointerScope();
                Statistics repeated = start.run().statistics();
                WaysBack waysBack = start.run().waysBack();
                Frame frame = frame(start.run())) {
            leaves = lend(frame, start);
            frame.execute(part.from(), part.to());
            back(frame);
        }
    }

    private Frame frame(Run run) {
        var frame = new Frame(program, weights, run);
        inputs.forEach(frame::lend);
        return frame;
    }

    private static Start start(Frame frame, Segments.Part part, Run run) {
        var values = new HashMap<Integer, Value>();
        try (PointerScope scope = new PointerScope()) {
            for (int slot : part.crossing()) {
                Value own = frame.value(slot).handle();
                own.retain();
                values.put(slot, own);
            }
        }
        return new Start(values, run.fromHere());
    }

    /** Gives a frame the values at a start; those that learn as leaves, which gather what comes back to them. */
    private Map<Integer, Tensor> lend(Frame frame, Start start) {
        var made = new HashMap<Integer, Tensor>();
        start.values().forEach((slot, value) -> {
            if (!segments.learning()[slot]) {
                frame.lend(slot, value);
            } else if (value instanceof Value.Single single && single.tensor().is_floating_point()) {
                Tensor leaf = new Tensor(single.tensor().detach());
                leaf.set_requires_grad(true);
                leaf.retainReference();
                made.put(slot, leaf);
                frame.lend(slot, new Value.Single(leaf));
            } else {
                frame.lend(slot, value);
            }
        });
        return made;
    }

    private void back(Frame frame) {
        var values = new ArrayList<Tensor>();
        var wanted = new ArrayList<Tensor>();
        for (int slot : List.copyOf(gradients.keySet())) {
            if (!frame.computed(slot)) {
                continue;
            }
            Tensor gradient = gradients.remove(slot);
            if (frame.tensor(slot).requires_grad()) {
                values.add(frame.tensor(slot));
                wanted.add(gradient);
            }
        }
        if (values.isEmpty()) {
            return;
        }
        try {
            torch.backward(vector(values), vector(wanted), new BoolOptional(), false, new TensorVector());
        } catch (RuntimeException e) {
            throw NativeFailure.of("The way back through " + program.names().graph(), e);
        } finally {
            wanted.forEach(Tensor::deallocate);
        }
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.toArray(new Tensor[0]));
    }

    /** Takes what has come back to the leaves. */
    private void gather() {
        leaves.forEach((slot, leaf) -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor came = leaf.grad();
                if (came.defined()) {
                    Tensor before = gradients.get(slot);
                    Tensor all = before == null ? new Tensor(came) : before.add(came);
                    all.retainReference();
                    gradients.put(slot, all);
                    if (before != null) {
                        before.deallocate();
                    }
                }
            }
            leaf.deallocate();
        });
        leaves = Map.of();
    }

    @Override
    public void close() {
        leaves.values().forEach(Tensor::deallocate);
        starts.forEach(Start::close);
        gradients.values().forEach(Tensor::deallocate);
    }
}
