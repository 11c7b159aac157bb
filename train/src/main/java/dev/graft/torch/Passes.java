package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The ways through a program: forward alone, or forward to a loss and back to the weights. */
record Passes(Program program, Weights weights, Device device, boolean recomputing) {
    /** What came of a way forward and back: the loss, and the weights that moved with it. */
    record Learned(LossValue loss, Set<String> moved) {}

    /** Computes all outputs while somebody watches the nodes. */
    Map<String, Content> forward(Map<String, Content> inputs, Tap tap) {
        return Gradients.none(() -> {
            try (PointerScope scope = new PointerScope();
                    Frame frame = frame(inputs, new Run(false, 0, device).watchedBy(tap))) {
                frame.execute();
                var outputs = new LinkedHashMap<String, Content>();
                for (ValueInfo output : program.block().outputs()) {
                    outputs.put(output.name(), content(output.name(), frame.value(output.name())));
                }
                return outputs;
            }
        });
    }

    private Content content(String name, Value value) {
        try {
            return Content.of(value);
        } catch (ArithmeticException | OutOfMemoryError e) {
            throw new GraftException(
                    "Output '" + name + "' of " + program.names().graph() + " is " + value.description()
                            + ", more than the Java process may hold (" + e.getMessage()
                            + "); use a smaller batch, or raise -Xmx up to outputs of 2 GB",
                    e);
        }
    }

    /** A frame with its inputs; the scope around it must outlive it. */
    private Frame frame(Map<String, Content> inputs, Run run) {
        var frame = new Frame(program, weights, run);
        inputs.forEach((name, content) -> frame.lend(name, content.on(device)));
        return frame;
    }

    /** Adds the loss's gradient to what the weights have gathered, and moves running averages; neither if it is not finite. */
    Learned learn(Map<String, Content> inputs, Array targets, Loss loss, double scale, Run run) {
        return Gradients.recording(true, () -> {
            try (PointerScope scope = new PointerScope();
                    Statistics statistics = run.statistics();
                    WaysBack waysBack = run.waysBack();
                    Way way = recomputing ? recomputed(inputs) : kept(inputs)) {
                Tensor value = way.forward(run, frame -> {
                    Tensor wanted = device.move(Tensors.of(targets));
                    return Losses.of(loss, frame::tensor, wanted);
                });
                var result = new LossValue(value.item_double());
                if (!result.finite()) {
                    return new Learned(result, Set.of());
                }
                way.backward(scale == 1 ? value : value.mul(new Scalar(scale)));
                return new Learned(result, Set.copyOf(statistics.store(weights)));
            }
        });
    }

    private Way kept(Map<String, Content> inputs) {
        return new Way() {
            @Override
            public Tensor forward(Run run, Function<Frame, Tensor> ending) {
                try (Frame frame = frame(inputs, run)) {
                    frame.execute();
                    return ending.apply(frame);
                }
            }

            @Override
            public void backward(Tensor loss) {
                Gradients.add(loss, program.names().graph());
            }
        };
    }

    private Way recomputed(Map<String, Content> inputs) {
        var values = new LinkedHashMap<String, Value>();
        inputs.forEach((name, content) -> values.put(name, content.on(device)));
        return new Recomputation(program, weights, values);
    }

    /** A way to a loss and back. */
    interface Way extends AutoCloseable {
        /** The loss that a function makes of the outputs. */
        Tensor forward(Run run, Function<Frame, Tensor> ending);

        /** Adds what the loss asks for to the weights' gradients. */
        void backward(Tensor loss);

        @Override
        default void close() {
            // Nothing is kept beyond the scope around.
        }
    }
}
