package dev.graft.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The factors of one dropout, part by part and as often as they are wanted: 0, or 1 / (1 - rate). */
public final class Dropping {
    private final RandomStream stream;
    private final double rate;

    Dropping(RandomStream stream, double rate) {
        this.stream = stream;
        this.rate = rate;
    }

    /**
     * Fills a contiguous tensor of the host's with what stands from an element on.
     *
     * @param from an even number
     */
    public void fill(Tensor part, long from) {
        if (rate == 1) {
            part.zero_();
        } else if (part.scalar_type().intern() == ScalarType.BFloat16) {
            stream.narrowDropoutFactors(rate, part, from);
        } else {
            stream.dropoutFactors(rate, part, from);
        }
    }
}
