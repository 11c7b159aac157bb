package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.bytedeco.javacpp.PointerScope;

/**
 * A graph on libtorch that answers and never learns; several threads may run it at the same time, and one may close it
 * meanwhile.
 *
 * <p>It holds its weights once, in the precision in which they are read, and nothing of the graph that it was made of.
 */
public final class FrozenNetwork implements Session {
    private final List<ValueInfo> inputs;
    private final List<ValueInfo> outputs;
    private final Device device;
    private final Program program;
    private final Weights weights;

    /** Runs share it, closing waits for them: native memory must not go while a run uses it. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private boolean closed;

    FrozenNetwork(Graph source, FrozenProgram frozen, Device device) {
        this.inputs = source.inputs();
        this.outputs = source.outputs();
        this.device = device;
        this.program = frozen.program();
        this.weights = new Weights(frozen, device);
    }

    @Override
    public Map<String, Array> run(Map<String, Array> given) {
        Map<String, Content> contents = Content.of(given);
        Inputs.check(inputs, contents);
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is closed");
            }
            return Gradients.none(() -> compute(contents));
        } finally {
            inUse.readLock().unlock();
        }
    }

    private Map<String, Array> compute(Map<String, Content> given) {
        try (PointerScope scope = new PointerScope();
                Frame frame = new Frame(program, weights, new Run(false, 0, device))) {
            given.forEach((name, content) -> frame.lend(name, content.on(device)));
            frame.execute();
            var computed = new LinkedHashMap<String, Array>();
            for (ValueInfo output : outputs) {
                computed.put(
                        output.name(), Content.of(frame.value(output.name())).array(output.name()));
            }
            return computed;
        }
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                weights.close();
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
