package dev.graft.torch;

import dev.graft.graph.GraphException;
import dev.graft.graph.ValueInfo;
import java.util.List;

/** A block inside a node, ready to run with the values around it. */
public final class Body {
    private final Frame around;
    private final Program program;
    private final String label;

    /** @param label how errors name the body */
    Body(Frame around, Program program, String label) {
        this.around = around;
        this.program = program;
        this.label = label;
    }

    /** What the body declares of the values that it is given. */
    public List<ValueInfo> inputs() {
        return program.block().inputs();
    }

    /** What the body declares of its results. */
    public List<ValueInfo> outputs() {
        return program.block().outputs();
    }

    /**
     * Runs the body once.
     *
     * @return the results, as handles of the present memory scope
     * @throws GraphException if the body takes another number of values
     */
    public List<Value> run(List<? extends Value> inputs) {
        if (inputs.size() != inputs().size()) {
            throw new GraphException(label + " takes " + inputs().size() + " values, but is given " + inputs.size());
        }
        try (Frame frame = new Frame(program, around.weights(), around.run())) {
            for (int i = 0; i < inputs.size(); i++) {
                frame.lend(inputs().get(i).name(), inputs.get(i));
            }
            program.captured().forEach(name -> frame.lend(name, around.value(name)));
            frame.execute();
            return frame.outputs().stream().map(Value::handle).toList();
        }
    }
}
