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
 * The loss of multinomial logistic regression over fixed features, with its gradient.
 *
 * <p>The weights are one matrix [classes, width + 1] in row-major order, whose last column is the bias; only the others
 * are penalised: mean cross-entropy + penalty / 2 · |weights|².
 */
public final class LogisticLoss implements FeatureLoss {
    private final Tensor features;
    private final Tensor labels;
    private final Tensor minusOnes;
    private final int classes;
    private final int columns;

    /**
     * @param settings for loading libtorch, and the number of its threads
     * @param features float [rows, width]
     * @param labels the class of each row, 0 up to {@code classes}
     */
    public LogisticLoss(TorchSettings settings, Array features, int[] labels, int classes) {
        if (features.rank() != 2 || features.size(0) != labels.length || labels.length == 0) {
            throw new GraftException("Logistic regression needs features [rows, width], not " + features + " for "
                    + labels.length + " labels");
        }
        Natives.load(settings);
        org.bytedeco.pytorch.global.torch.set_num_threads(settings.threads());
        this.classes = classes;
        this.columns = Math.toIntExact(features.size(1) + 1);
        try (PointerScope scope = new PointerScope()) {
            this.features = keep(withOnes(features));
            this.labels = keep(
                    Tensors.of(Array.of(Arrays.stream(labels).asLongStream().toArray(), labels.length, 1)));
            float[] each = new float[labels.length];
            Arrays.fill(each, -1);
            this.minusOnes = keep(Tensors.of(Array.of(each, labels.length, 1)));
        }
    }

    @Override
    public int weights() {
        return classes * columns;
    }

    @Override
    public double at(float[] weights, double penalty, float[] gradient) {
        return Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor matrix = matrix(weights);
                Tensor penalised = matrix.clone();
                penalised.select(1, columns - 1).zero_();
                Tensor slope = softmax(features.matmul(matrix.t()), 1, new ScalarTypeOptional());
                Tensor right = slope.gather(1, labels).clamp_min_(new Scalar((double) Float.MIN_NORMAL));
                double loss = -right.log_().mean().item_double()
                        + penalty / 2 * penalised.mul(penalised).sum().item_double();
                slope.scatter_add_(1, labels, minusOnes);
                Tensor total = slope.t().matmul(features).div_(new Scalar((double) labels.size(0)));
                total.add_(penalised, new Scalar(penalty));
                read(total.contiguous(), gradient);
                return loss;
            }
        });
    }

    @Override
    public float[] logits(float[] weights, Array others) {
        return Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor logits = withOnes(others).matmul(matrix(weights).t()).contiguous();
                float[] values = new float[Math.toIntExact(logits.numel())];
                read(logits, values);
                return values;
            }
        });
    }

    private Tensor matrix(float[] weights) {
        return Tensors.of(Array.of(weights, classes, columns));
    }

    private static Tensor withOnes(Array features) {
        Tensor plain = Tensors.of(features);
        Tensor ones = Tensors.of(Array.of(new float[] {1}, 1, 1)).expand(features.size(0), 1);
        return org.bytedeco.pytorch.global.torch.cat(new org.bytedeco.pytorch.TensorVector(plain, ones), 1);
    }

    private static void read(Tensor from, float[] to) {
        Tensors.buffer(from)
                .order(java.nio.ByteOrder.nativeOrder())
                .asFloatBuffer()
                .get(to);
    }

    private static Tensor keep(Tensor tensor) {
        Tensor own = new Tensor(tensor);
        own.retainReference();
        return own;
    }

    @Override
    public void close() {
        features.deallocate();
        labels.deallocate();
        minusOnes.deallocate();
    }
}
