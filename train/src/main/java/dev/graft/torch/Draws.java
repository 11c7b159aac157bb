package dev.graft.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a node draws at random: decided by the run's seed and by the node's turn among those that draw. */
public abstract sealed class Draws extends Attributes permits Call {
    abstract Run run();

    /** Whether the graph is run to learn, which is when dropout drops. */
    public boolean training() {
        return run().training();
    }

    /** The run's device, for operators that make tensors out of nothing. */
    public Device device() {
        return run().device();
    }

    /** Whether dropout at a rate does anything in this run. */
    public boolean drops(double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw refuse("has dropout rate " + rate + "; a rate is from 0 to 1");
        }
        return training() && rate > 0;
    }

    /** A tensor with elements dropped at a rate and the others scaled up, in training; else the tensor itself. */
    public Tensor dropout(Tensor x, double rate) {
        return drops(rate) ? x.mul(dropoutFactors(x, rate)) : x;
    }

    /** For each element of a tensor the factor of dropout: 0, or 1 / (1 - rate); of the tensor's type and on its device. */
    public Tensor dropoutFactors(Tensor like, double rate) {
        ScalarType type = like.scalar_type().intern();
        Tensor factors =
                Tensors.empty(type == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float, like.shape());
        dropping(rate).fill(factors, 0);
        return factors.to(like.device(), type);
    }

    /** The factors of one dropout, to be computed when they are wanted. */
    public Dropping dropping(double rate) {
        return new Dropping(run().nextStream(), rate);
    }

    /** Random numbers from 0 to below 1, float32 on the run's device; the same for the same seed. */
    public Tensor uniform(long... shape) {
        return device().move(run().nextStream().uniform(shape));
    }
}
