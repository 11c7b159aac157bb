package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Convolutions of whole numbers, and pools of them. */
final class QuantizedConvolution {
    private static final String MICROSOFT = "com.microsoft";

    /** So many products of bytes sum up exactly in float32. */
    private static final long EXACT = (1 << 24) / (255 * 255);

    private QuantizedConvolution() {}

    static void register(OpTable ops) {
        ops.op(
                "ConvInteger",
                10,
                in -> sums(in, in.tensor(0), 2, 1, 3).to(ScalarType.Long).to(ScalarType.Int));
        ops.op("QLinearConv", 10, in -> convolution(in, in.tensor(0)));
        ops.op(MICROSOFT, "QLinearConv", 1, in -> lastly(in, QuantizedConvolution::convolution));
        ops.op(MICROSOFT, "QLinearAveragePool", 1, in -> lastly(in, QuantizedConvolution::average));
        ops.withoutGradient(
                "ConvInteger", "QLinearConv", "com.microsoft.QLinearConv", "com.microsoft.QLinearAveragePool");
    }

    private interface Body {
        Tensor of(Call in, Tensor x);
    }

    /** An operator on [batch, channels, axes…], carried out on an operand whose channels may come last. */
    private static Tensor lastly(Call in, Body body) {
        Tensor x = in.tensor(0);
        return in.flag("channels_last", false) ? body.of(in, x.movedim(-1, 1)).movedim(1, -1) : body.of(in, x);
    }

    /** The exact sums of products, real; padding counts as the zero point. */
    private static Tensor sums(Call in, Tensor x, int zero, int kernels, int zeroOfKernels) {
        Tensor whole = in.tensor(kernels);
        if (whole.dim() < 3) {
            throw in.refuse("convolves with kernels of " + whole.dim() + " dimensions; 3 to 5 are known");
        }
        boolean few = whole.numel() <= EXACT * whole.size(0);
        ScalarType type = few ? ScalarType.Float : ScalarType.Double;
        Tensor data = in.has(zero)
                ? torch.sub(x.to(type), Quantization.one(in.tensor(zero)).to(type))
                : x.to(type);
        Tensor factors = whole.to(type);
        if (in.has(zeroOfKernels)) {
            factors = torch.sub(
                    factors, each(in.tensor(zeroOfKernels), 0, whole.dim()).to(type));
        }
        return Convolution.of(in, data, factors, new TensorOptional());
    }

    /** One number for all, or one for each place along an axis. */
    private static Tensor each(Tensor factor, int axis, long rank) {
        long[] shape = Sizes.filled((int) rank, 1);
        shape[axis] = factor.numel();
        return factor.reshape(shape);
    }

    /** The bias counts in steps of both scales' product. */
    private static Tensor convolution(Call in, Tensor x) {
        Tensor sums = sums(in, x, 2, 3, 5).to(ScalarType.Double);
        if (in.has(8)) {
            sums = torch.add(sums, each(in.tensor(8), 1, x.dim()).to(ScalarType.Double));
        }
        Tensor scale = each(in.tensor(4), 1, x.dim()).to(ScalarType.Double);
        Tensor real =
                torch.mul(torch.mul(sums, scale), Quantization.one(in.tensor(1)).to(ScalarType.Double));
        return Quantization.whole(in, real, 6, 7);
    }

    private static Tensor average(Call in, Tensor x) {
        Tensor zero = in.has(2)
                ? Quantization.one(in.tensor(2)).to(ScalarType.Float)
                : Operands.vector(0).reshape();
        Tensor centred = torch.sub(x.to(ScalarType.Float), zero);
        Tensor real = torch.mul(PoolOps.averagePool(in, centred), Quantization.one(in.tensor(1)));
        return Quantization.whole(in, real, 3, 4);
    }
}
