package dev.graft.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A block inside a node, ready to run with the values around it. */
public final class Body {
    private final Frame around;
    private final Program program;

    Body(Frame around, Program program) {
        this.around = around;
        this.program = program;
    }

    /** Runs the body once. */
    public List<Tensor> run(List<Tensor> inputs) {
        try (Frame frame = new Frame(program, around.weights(), around.run())) {
            for (int i = 0; i < program.block().inputs().size(); i++) {
                frame.lend(program.block().inputs().get(i).name(), inputs.get(i));
            }
            program.captured().forEach(name -> frame.lend(name, around.value(name)));
            frame.execute();
            var outputs = new ArrayList<Tensor>();
            frame.outputs().forEach(output -> outputs.add(new Tensor(output)));
            return outputs;
        }
    }
}
