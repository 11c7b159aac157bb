package dev.graft.torch.ops;

import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.NORMALIZED_CONVOLUTION;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Convolutions. */
final class ConvolutionOps {
    private ConvolutionOps() {}

    static void register(OpTable ops) {
        ops.op("Conv", 1, ConvolutionOps::convolution);
        ops.op(DOMAIN, NORMALIZED_CONVOLUTION, 1, ConvolutionOps::normalized);
        ops.withoutGradient(DOMAIN + "." + NORMALIZED_CONVOLUTION);
        ops.op(
                "ConvTranspose",
                1,
                in -> Convolution.transposed(in, in.tensor(0), in.tensor(1), Operands.optional(in, 2)));
    }

    private static Tensor convolution(Call in) {
        Tensor kernels = in.training()
                ? in.tensor(1)
                : in.prepared(() -> List.of(Convolution.laidOut(in.tensor(1))), 1)
                        .get(0);
        return Convolution.of(in, in.tensor(0), kernels, Operands.optional(in, 2));
    }

    /** A convolution and the normalisation after it by running statistics, as one convolution with other kernels. */
    private static Tensor normalized(Call in) {
        List<Tensor> made = in.prepared(() -> folded(in), 1, 2, 3, 4, 5, 6);
        return Convolution.of(in, in.tensor(0), made.get(0), new TensorOptional(made.get(1)));
    }

    /** Kernels and bias: {@code scale / √(variance + epsilon)} is a factor, and the bias takes the rest. */
    private static List<Tensor> folded(Call in) {
        Tensor kernels = in.tensor(1);
        Tensor factor =
                torch.mul(in.tensor(3), torch.rsqrt(torch.add(in.tensor(6), new Scalar(in.real("epsilon", 1e-5f)))));
        Tensor centre = in.has(2) ? torch.sub(in.tensor(5), in.tensor(2)) : in.tensor(5);
        long[] perOutput = Sizes.filled((int) kernels.dim(), 1);
        perOutput[0] = -1;
        return List.of(
                Convolution.laidOut(torch.mul(kernels, factor.reshape(perOutput))),
                torch.sub(in.tensor(4), torch.mul(centre, factor)));
    }
}
