package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A loss of outputs that are learned each by itself over fixed features: logistic or half the squared error. */
public final class SeparateLoss implements FeatureLoss {
    /** How an output is held against its target. */
    public enum Kind {
        /** Binary cross-entropy of the output's sigmoid. */
        LOGISTIC,
        /** Half the squared error. */
        SQUARED
    }

    private final Kind kind;
    private final Tensor features;
    private final Tensor targets;
    private final Tensor counted;
    private final int outputs;
    private final int columns;

    /**
     * @param settings for loading libtorch, and the number of its threads
     * @param features float [rows, width]
     * @param targets float [rows, outputs]
     * @param counted float [rows, outputs]: 1 where an output of a row is learned, else 0
     */
    public SeparateLoss(TorchSettings settings, Kind kind, Array features, Array targets, Array counted) {
        if (features.rank() != 2
                || targets.rank() != 2
                || features.size(0) != targets.size(0)
                || features.size(0) == 0
                || !java.util.Arrays.equals(targets.shape(), counted.shape())) {
            throw new GraftException("A head needs features [rows, width], not " + features + " for targets " + targets
                    + " of which " + counted + " are counted");
        }
        Natives.load(settings);
        torch.set_num_threads(settings.threads());
        this.kind = kind;
        this.outputs = Math.toIntExact(targets.size(1));
        this.columns = Math.toIntExact(features.size(1) + 1);
        try (PointerScope scope = new PointerScope()) {
            this.features = keep(withOnes(features));
            this.targets = keep(Tensors.of(targets).clone());
            this.counted = keep(Tensors.of(counted).clone());
        }
    }

    @Override
    public int weights() {
        return outputs * columns;
    }

    @Override
    public double at(float[] weights, double penalty, float[] gradient) {
        return Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor matrix = matrix(weights);
                Tensor penalised = matrix.clone();
                penalised.select(1, columns - 1).zero_();
                Tensor said = features.matmul(matrix.t());
                Tensor slope = slope(said).mul(counted);
                double rows = features.size(0);
                double loss = loss(said).mul(counted).sum().item_double() / rows
                        + penalty / 2 * penalised.mul(penalised).sum().item_double();
                Tensor total = slope.t().matmul(features).div_(new Scalar(rows));
                total.add_(penalised, new Scalar(penalty));
                read(total.contiguous(), gradient);
                return loss;
            }
        });
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
    public float[] logits(float[] weights, Array others) {
        return Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor said = withOnes(others).matmul(matrix(weights).t()).contiguous();
                float[] values = new float[Math.toIntExact(said.numel())];
                read(said, values);
                return values;
            }
        });
    }

    private Tensor matrix(float[] weights) {
        return Tensors.of(Array.of(weights, outputs, columns));
    }

    private static Tensor withOnes(Array features) {
        Tensor plain = Tensors.of(features);
        Tensor ones = Tensors.of(Array.of(new float[] {1}, 1, 1)).expand(features.size(0), 1);
        return torch.cat(new TensorVector(plain, ones), 1);
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
        targets.deallocate();
        counted.deallocate();
    }
}
