package dev.graft.torch;

import dev.graft.tensor.Array;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A loss of outputs that are linear in fixed features.
 *
 * <p>The weights are one matrix [outputs, width + 1] in row-major order, whose last column is the bias; only the others
 * are penalised: mean loss of a row + penalty / 2 · |weights|².
 */
abstract sealed class LinearLoss implements FeatureLoss permits LogisticLoss, SeparateLoss {
    private final Tensor features;
    private final int outputs;
    private final int columns;

    /** @param features float [rows, width] */
    LinearLoss(TorchSettings settings, Array features, int outputs) {
        Natives.load(settings);
        torch.set_num_threads(settings.threads());
        this.outputs = outputs;
        this.columns = Math.toIntExact(features.size(1) + 1);
        try (PointerScope scope = new PointerScope()) {
            this.features = keep(withOnes(features));
        }
    }

    /**
     * What outputs are worth.
     *
     * @param mean loss of a row
     * @param slope of each row's loss by each output, [rows, outputs]
     */
    record Worth(double mean, Tensor slope) {}

    /** @param said the outputs [rows, outputs], which may be written over */
    abstract Worth worth(Tensor said);

    @Override
    public final int weights() {
        return outputs * columns;
    }

    @Override
    public final double at(float[] weights, double penalty, float[] gradient) {
        return Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor matrix = matrix(weights);
                Tensor penalised = matrix.clone();
                penalised.select(1, columns - 1).zero_();
                Worth worth = worth(features.matmul(matrix.t()));
                double loss = worth.mean()
                        + penalty / 2 * penalised.mul(penalised).sum().item_double();
                Tensor total = worth.slope().t().matmul(features).div_(new Scalar((double) features.size(0)));
                total.add_(penalised, new Scalar(penalty));
                read(total.contiguous(), gradient);
                return loss;
            }
        });
    }

    @Override
    public final float[] logits(float[] weights, Array others) {
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

    /** A tensor that outlives the scope in which it was made. */
    static Tensor keep(Tensor tensor) {
        Tensor own = new Tensor(tensor);
        own.retainReference();
        return own;
    }

    @Override
    public void close() {
        features.deallocate();
    }
}
