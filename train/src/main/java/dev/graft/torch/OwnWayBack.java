package dev.graft.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** An operator that computes its gradient itself, where what libtorch would keep for that is more than it takes. */
public interface OwnWayBack {
    /**
     * Computes the result.
     *
     * @param operands all that {@link Call#computed} was given
     * @param result to be filled
     * @return what the way back reads: operands, or what was computed on the way
     */
    List<Tensor> forward(List<Tensor> operands, Tensor result);

    /**
     * Computes the gradients of the learning operands, in their order.
     *
     * @param kept what {@link #forward} returned
     * @param gradient of the result
     */
    List<Tensor> backward(List<Tensor> kept, Tensor gradient);
}
