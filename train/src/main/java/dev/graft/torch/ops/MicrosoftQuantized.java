package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Quantised operators as ONNX Runtime's quantiser writes them.
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class MicrosoftQuantized {
    private static final String DOMAIN = "com.microsoft";

    private MicrosoftQuantized() {}

    static void register(OpTable ops) {
        ops.op(DOMAIN, "QLinearAdd", 1, in -> binary(in, torch::add));
        ops.op(DOMAIN, "QLinearMul", 1, in -> binary(in, torch::mul));
        ops.op(DOMAIN, "QLinearSigmoid", 1, in -> unary(in, torch::sigmoid));
        ops.op(DOMAIN, "QLinearLeakyRelu", 1, MicrosoftQuantized::leakyRelu);
        ops.op(DOMAIN, "QLinearSoftmax", 1, MicrosoftQuantized::softmax);
        ops.op(DOMAIN, "QLinearGlobalAveragePool", 1, MicrosoftQuantized::globalAverage);
        ops.op(DOMAIN, "QLinearConcat", 1, MicrosoftQuantized::concat);
        ops.op(DOMAIN, "QLinearWhere", 1, MicrosoftQuantized::where);
        ops.op(DOMAIN, "QGemm", 1, MicrosoftQuantized::gemm);
        ops.op(DOMAIN, "MatMulIntegerToFloat", 1, MicrosoftQuantized::productToReal);
        ops.op(DOMAIN, "DynamicQuantizeMatMul", 1, MicrosoftQuantized::dynamicProduct);
        ops.op(DOMAIN, "MatMulNBits", 1, in -> PackedWeights.product(in));
        ops.withoutGradient(
                "com.microsoft.QLinearAdd",
                "com.microsoft.QLinearMul",
                "com.microsoft.QLinearWhere",
                "com.microsoft.QLinearSigmoid",
                "com.microsoft.QLinearLeakyRelu",
                "com.microsoft.QLinearSoftmax",
                "com.microsoft.QLinearGlobalAveragePool",
                "com.microsoft.QLinearConcat",
                "com.microsoft.QGemm",
                "com.microsoft.DynamicQuantizeMatMul");
    }

    private static Tensor binary(Call in, BinaryOperator<Tensor> body) {
        Tensor a = Quantization.real(in, 0, 1, 2);
        Tensor b = Quantization.real(in, 3, 4, 5);
        return Quantization.whole(in, body.apply(a, b), 6, 7);
    }

    private static Tensor unary(Call in, UnaryOperator<Tensor> body) {
        return Quantization.whole(in, body.apply(Quantization.real(in, 0, 1, 2)), 3, 4);
    }

    private static Tensor leakyRelu(Call in) {
        return unary(in, x -> torch.leaky_relu(x, new Scalar(in.real("alpha", 0.01f))));
    }

    private static Tensor softmax(Call in) {
        boolean overRest = in.whole("opset", 13) < 13;
        long axis = Operands.axis(in, in.whole("axis", -1), in.tensor(0).dim());
        return unary(
                in, x -> overRest ? torch.softmax(x.flatten(axis, -1), -1).reshape(x.shape()) : torch.softmax(x, axis));
    }

    private static Tensor globalAverage(Call in) {
        long first = in.flag("channels_last", false) ? 1 : 2;
        long[] axes = new long[Math.max(0, (int) in.tensor(0).dim() - 2)];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = first + i;
        }
        return unary(in, x -> torch.mean(x, axes, true, new ScalarTypeOptional()));
    }

    /** Scale and zero point of the result come first, then each part with its own. */
    private static Tensor concat(Call in) {
        int parts = (in.operands() - 2) / 3;
        var real = new Tensor[parts];
        for (int i = 0; i < parts; i++) {
            real[i] = Quantization.real(in, 2 + 3 * i, 3 + 3 * i, 4 + 3 * i);
        }
        int axis = Operands.axis(in, in.whole("axis", 0), real[0].dim());
        return Quantization.whole(in, torch.cat(Operands.list(real), axis), 0, 1);
    }

    private static Tensor where(Call in) {
        Tensor yes = Quantization.real(in, 1, 2, 3);
        Tensor no = Quantization.real(in, 4, 5, 6);
        return Quantization.whole(in, torch.where(in.tensor(0), yes, no), 7, 8);
    }

    /** The bias counts in steps of both scales' product. */
    private static Tensor gemm(Call in) {
        Tensor a = in.flag("transA", false) ? in.tensor(0).t() : in.tensor(0);
        Tensor b = in.flag("transB", false) ? in.tensor(3).t() : in.tensor(3);
        Tensor product = QuantizeOps.product(in, a, 2, b, 5);
        Tensor sum = in.has(6) ? torch.add(product, in.tensor(6).to(ScalarType.Double)) : product;
        Tensor factor = torch.mul(
                torch.mul(Quantization.one(in.tensor(1)), Quantization.one(in.tensor(4))),
                new Scalar(in.real("alpha", 1)));
        Tensor real = torch.mul(sum, factor).to(ScalarType.Float);
        return in.has(7) ? Quantization.whole(in, real, 7, 8) : real;
    }

    private static Tensor productToReal(Call in) {
        Tensor product = QuantizeOps.product(in, in.tensor(0), 4, in.tensor(1), 5);
        return biased(in, 6, product, QuantizeOps.rows(in.tensor(2)), in.tensor(3));
    }

    /** The left operand is quantised by its own range as DynamicQuantizeLinear does. */
    private static Tensor dynamicProduct(Call in) {
        var fit = Quantization.Fit.of(in.tensor(0));
        Tensor whole = fit.whole(in.tensor(0)).to(ScalarType.Double);
        Tensor centred = torch.sub(whole, fit.zero().to(ScalarType.Double));
        Tensor product = QuantizeOps.product(in, centred, Integer.MAX_VALUE, in.tensor(1), 3);
        return biased(in, 4, product, fit.scale(), in.tensor(2));
    }

    private static Tensor biased(Call in, int bias, Tensor product, Tensor scale, Tensor columns) {
        Tensor factor = torch.mul(scale, Quantization.one(columns));
        Tensor real = torch.mul(product, factor).to(Operands.type(columns));
        return in.has(bias) ? torch.add(real, in.tensor(bias)) : real;
    }
}
