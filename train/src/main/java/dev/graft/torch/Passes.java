package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The ways through a program: forward alone, or forward to a loss and back to the weights. */
record Passes(Program program, Weights weights, Device device) {
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
                    Frame frame = frame(inputs, run)) {
                frame.execute();
                Tensor wanted = device.move(Tensors.of(targets));
                Tensor value = Losses.of(loss, frame::tensor, wanted);
                frame.close();
                var result = new LossValue(value.item_double());
                if (!result.finite()) {
                    return new Learned(result, Set.of());
                }
                Gradients.add(
                        scale == 1 ? value : value.mul(new Scalar(scale)),
                        program.names().graph());
                return new Learned(result, Set.copyOf(statistics.store(weights)));
            }
        });
    }
}
