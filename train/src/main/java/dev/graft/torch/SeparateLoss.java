package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A loss of outputs that are learned each by itself over fixed features: logistic or half the squared error. */
public final class SeparateLoss extends LinearLoss {
    /** How an output is held against its target. */
    public enum Kind {
        /** Binary cross-entropy of the output's sigmoid. */
        LOGISTIC,
        /** Half the squared error. */
        SQUARED
    }

    private final Kind kind;
    private final Tensor targets;
    private final Tensor counted;

    /**
     * @param settings for loading libtorch, and the number of its threads
     * @param features float [rows, width]
     * @param targets float [rows, outputs]
     * @param counted float [rows, outputs]: 1 where an output of a row is learned, else 0
     */
    public SeparateLoss(TorchSettings settings, Kind kind, Array features, Array targets, Array counted) {
        super(settings, checked(features, targets, counted), Math.toIntExact(targets.size(1)));
        this.kind = kind;
        try (PointerScope scope = new PointerScope()) {
            this.targets = keep(Tensors.of(targets).clone());
            this.counted = keep(Tensors.of(counted).clone());
        }
    }

    private static Array checked(Array features, Array targets, Array counted) {
        if (features.rank() != 2
                || targets.rank() != 2
                || features.size(0) != targets.size(0)
                || features.size(0) == 0
                || !Arrays.equals(targets.shape(), counted.shape())) {
            throw new GraftException("A head needs features [rows, width], not " + features + " for targets " + targets
                    + " of which " + counted + " are counted");
        }
        return features;
    }

    @Override
    Worth worth(Tensor said) {
        double mean = loss(said).mul(counted).sum().item_double() / said.size(0);
        return new Worth(mean, slope(said).mul(counted));
    }

    private Tensor loss(Tensor said) {
        if (kind == Kind.LOGISTIC) {
            return torch.softplus(said).sub(said.mul(targets));
        }
        Tensor off = said.sub(targets);
        return off.mul(off).div(new Scalar(2.0));
    }

    private Tensor slope(Tensor said) {
        return (kind == Kind.LOGISTIC ? said.sigmoid() : said).sub(targets);
    }

    @Override
    public void close() {
        super.close();
        targets.deallocate();
        counted.deallocate();
    }
}
