package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One execution of a node: the whole vocabulary of an operator.
 *
 * <p>An operator never writes to a tensor that it got from here, and opens no memory scope: what it makes on the way is
 * freed when it returns.
 */
public final class Call extends Draws {
    private static final long MOST_NUMBERS = 1L << 24;

    private final Frame frame;
    private final Program.Step step;

    Call(Frame frame, Program.Step step) {
        this.frame = frame;
        this.step = step;
    }

    @Override
    public Node node() {
        return step.node();
    }

    @Override
    Run run() {
        return frame.run();
    }

    /** The number of operands, left-out ones before the last given one included. */
    public int operands() {
        return step.operands().size();
    }

    /** Whether an operand is given. */
    public boolean has(int index) {
        return index < operands() && step.operands().get(index) != Program.NONE;
    }

    /** The number of results that the node names, left-out ones before the last wanted one included. */
    public int outputs() {
        return step.results().size();
    }

    /** Whether somebody wants a result. */
    public boolean wants(int result) {
        return result < outputs() && step.results().get(result) != Program.NONE;
    }

    /**
     * An operand, on the run's device if any operand of the node is there, else in the host's memory, where arithmetic on
     * shapes stays.
     *
     * @throws GraphException if the operand is left out
     */
    public Tensor tensor(int index) {
        Tensor tensor = single(index);
        Device device = frame.run().device();
        return device == Device.CPU || device.holds(tensor) || !anyOn(device) ? tensor : device.move(tensor);
    }

    private boolean anyOn(Device device) {
        return step.operands().stream()
                .anyMatch(slot -> slot != Program.NONE
                        && frame.value(slot) instanceof Value.Single single
                        && device.holds(single.tensor()));
    }

    /**
     * An operand of whatever kind.
     *
     * @throws GraphException if the operand is left out
     */
    public Value value(int index) {
        return frame.value(slot(index));
    }

    /**
     * An operand that is a sequence.
     *
     * @throws GraphException if the operand is left out or something else
     */
    public Value.Sequence sequence(int index) {
        Value value = value(index);
        if (value instanceof Value.Sequence sequence) {
            return sequence;
        }
        throw refuse("needs a sequence as operand " + index + ", not " + value.kind());
    }

    /**
     * The content of an operand of whole numbers or truth values; costs next to nothing for constants.
     *
     * @throws GraphException if it is longer than any shape or list of indices
     */
    public long[] longs(int index) {
        int slot = slot(index);
        long count = single(index).numel();
        if (count > MOST_NUMBERS) {
            throw refuse("has " + count + " elements in operand " + index + "; at most " + MOST_NUMBERS
                    + " say shapes or places");
        }
        return frame.program().constants().containsKey(slot)
                ? frame.weights().longs(frame.program(), slot)
                : Tensors.longs(single(index));
    }

    /**
     * An operand in bfloat16 if it is float32, else the operand itself. Finite numbers stay finite; a weight that is not
     * learning is converted again only after it has changed.
     */
    public Tensor narrow(int index) {
        Tensor wide = tensor(index);
        if (wide.scalar_type().intern() != ScalarType.Float) {
            return wide;
        }
        return frame.program().constants().containsKey(slot(index))
                ? frame.weights().narrow(wide, training())
                : Tensors.narrow(wide);
    }

    /** What is made anew of some operands alone; kept where these are constants and the run does not learn. */
    public List<Tensor> prepared(Supplier<List<Tensor>> making, int... operands) {
        return training() ? making.get() : frame.weights().prepared(frame.program(), step, operands, making);
    }

    /** Rows of an operand that is a matrix, by their numbers; where a table learns by rows, those that learn. */
    public Tensor rows(int index, Tensor numbers) {
        return frame.weights().rows(tensor(index), numbers, training());
    }

    /**
     * The value of an operand that is one whole number.
     *
     * @throws GraphException if the operand holds another number of elements
     */
    public long scalarWhole(int index) {
        long[] values = longs(index);
        if (values.length != 1) {
            throw refuse("needs one number as operand " + index + ", not " + values.length);
        }
        return values[0];
    }

    /**
     * The value of an operand of one element.
     *
     * @throws GraphException if it has none or several
     */
    public double scalar(int index) {
        Tensor tensor = single(index);
        if (tensor.numel() != 1) {
            throw refuse("needs one number as operand " + index + ", not " + tensor.numel());
        }
        return tensor.item_double();
    }

    /** The value of an operand of one element, or a default where it is left out. */
    public double scalar(int index, double otherwise) {
        return has(index) ? scalar(index) : otherwise;
    }

    /** The content of an operand of real numbers. */
    public double[] reals(int index) {
        Tensor host =
                frame.tensor(slot(index)).detach().cpu().to(ScalarType.Double).contiguous();
        double[] values = new double[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            host.data_ptr_double().get(values);
        }
        return values;
    }

    /** Whether learning changes what an operand holds. */
    public boolean trains(int operand) {
        return training() && tensor(operand).requires_grad();
    }

    /**
     * Moves a running average that the node reads towards a value of this batch: average * momentum + value *
     * (1 - momentum).
     *
     * <p>The network hands it back among its weights. Nothing happens where the operand is no weight of the graph, or the
     * run does not learn.
     */
    public void follow(int operand, Tensor value, double momentum) {
        String name = node().input(operand);
        if (training() && frame.weights().has(name)) {
            frame.run().statistics().follow(name, tensor(operand), value, momentum);
        }
    }

    /**
     * A result that an operator computes on the way forward, and on the way back the gradients for it.
     *
     * @param linked operands of the result's shape and type that may learn; made by this operator and read by nothing else
     * @param others what else it reads, which does not learn
     */
    public Tensor computed(OwnWayBack way, List<Tensor> linked, List<Tensor> others) {
        return frame.run().waysBack().computed(way, linked, others);
    }

    /** The body in an attribute: the branch of an {@code If}, the body of a {@code Loop}. */
    public Body body(String attribute) {
        Program body = step.bodies().get(attribute);
        if (body == null) {
            throw refuse("needs a body in attribute '" + attribute + "'");
        }
        return new Body(frame, body, "The " + attribute + " of the " + node().label());
    }

    /**
     * Notes one more round of a loop.
     *
     * @throws GraphException if the loops of this run have had so many that none can be expected to end
     */
    public void nextRound() {
        requireUninterrupted();
        frame.run().exhausted().ifPresent(rounds -> {
            throw refuse("does not end: the loops of this run have had " + rounds
                    + " rounds together, and more are not allowed; give the loop a trip count");
        });
    }

    /**
     * Stops a run whose thread is interrupted; for operators that may take long.
     *
     * @throws GraftException if it is; the thread stays interrupted
     */
    public void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new GraftException("The " + node().label() + " was interrupted, and with it the run of the graph");
        }
    }

    /**
     * Computes a part of an operator in a memory scope of its own: for operators that go on for many steps.
     *
     * @return the part's tensors; whatever else it made is freed
     */
    public List<Tensor> apart(Supplier<List<Tensor>> part) {
        PointerScope around = PointerScope.getInnerScope();
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> results = part.get().stream().map(Tensor::new).toList();
            results.forEach(around::attach);
            return results;
        }
    }

    private Tensor single(int index) {
        Value value = value(index);
        if (value instanceof Value.Single single) {
            return single.tensor();
        }
        throw refuse("needs a tensor as operand " + index + ", not " + value.kind());
    }

    private int slot(int index) {
        if (!has(index)) {
            throw refuse("needs operand " + index + ", which is left out");
        }
        return step.operands().get(index);
    }
}
