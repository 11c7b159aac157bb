package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.softmax;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The loss of multinomial logistic regression over fixed features, with its gradient: mean cross-entropy and a penalty.
 *
 * <p>The weights are one matrix [classes, width + 1] in row-major order, whose last column is the bias; only the others
 * are penalised.
 */
public final class LogisticLoss extends LinearLoss {
    private final Tensor labels;
    private final Tensor minusOnes;

    /**
     * @param settings for loading libtorch, and the number of its threads
     * @param features float [rows, width]
     * @param labels the class of each row, 0 up to {@code classes}
     */
    public LogisticLoss(TorchSettings settings, Array features, int[] labels, int classes) {
        super(settings, checked(features, labels), classes);
        try (PointerScope scope = new PointerScope()) {
            this.labels = keep(
                    Tensors.of(Array.of(Arrays.stream(labels).asLongStream().toArray(), labels.length, 1)));
            float[] each = new float[labels.length];
            Arrays.fill(each, -1);
            this.minusOnes = keep(Tensors.of(Array.of(each, labels.length, 1)));
        }
    }

    private static Array checked(Array features, int[] labels) {
        if (features.rank() != 2 || features.size(0) != labels.length || labels.length == 0) {
            throw new GraftException("Logistic regression needs features [rows, width], not " + features + " for "
                    + labels.length + " labels");
        }
        return features;
    }

    @Override
    Worth worth(Tensor said) {
        Tensor slope = softmax(said, 1, new ScalarTypeOptional());
        Tensor right = slope.gather(1, labels).clamp_min_(new Scalar((double) Float.MIN_NORMAL));
        double mean = -right.log_().mean().item_double();
        slope.scatter_add_(1, labels, minusOnes);
        return new Worth(mean, slope);
    }

    @Override
    public void close() {
        super.close();
        labels.deallocate();
        minusOnes.deallocate();
    }
}
