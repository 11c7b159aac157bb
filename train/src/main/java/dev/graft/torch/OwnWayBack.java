package dev.graft.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** An operator that computes its gradient itself, where what libtorch would keep for that is more than it takes. */
public interface OwnWayBack {
    /** How much is computed at once where it is to stay in the processor's cache. */
    long PART_BYTES = 4L << 20;

    /**
     * Computes the result.
     *
     * @param operands all that {@link Call#computed} was given
     * @param result to be filled
     */
    void forward(List<Tensor> operands, Tensor result);

    /**
     * Computes the gradients of the learning operands, in their order.
     *
     * @param operands as they were on the way forward; none where they are not {@link #readsOperands read}
     * @param gradient of the result
     */
    List<Tensor> backward(List<Tensor> operands, Tensor gradient);

    /** Whether the way back reads the operands, which are kept for it then. */
    default boolean readsOperands() {
        return true;
    }
}
