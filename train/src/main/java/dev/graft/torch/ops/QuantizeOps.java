package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** From real numbers to whole ones and back, and products of whole ones. */
final class QuantizeOps {
    private static final String MICROSOFT = "com.microsoft";

    private QuantizeOps() {}

    static void register(OpTable ops) {
        for (String domain : List.of("", MICROSOFT)) {
            long since = domain.isEmpty() ? 10 : 1;
            ops.op(domain, "QuantizeLinear", since, QuantizeOps::quantize);
            ops.op(domain, "DequantizeLinear", since, QuantizeOps::dequantize);
        }
        ops.multi("DynamicQuantizeLinear", 11, QuantizeOps::dynamicQuantize);
        ops.op(
                "MatMulInteger",
                10,
                in -> product(in, in.tensor(0), 2, in.tensor(1), 3)
                        .to(ScalarType.Long)
                        .to(ScalarType.Int));
        ops.op("QLinearMatMul", 10, QuantizeOps::quantizedProduct);
        ops.withoutGradient(
                "QuantizeLinear",
                "DynamicQuantizeLinear",
                "MatMulInteger",
                "QLinearMatMul",
                "com.microsoft.QuantizeLinear");
    }

    /** The division is as precise as the scale, or as the node says. */
    private static Tensor quantize(Call in) {
        Tensor x = in.tensor(0);
        ScalarType type = type(in, "output_dtype", in.has(2) ? Operands.type(in.tensor(2)) : ScalarType.Byte);
        Tensor scale = stretched(in, 1, x);
        ScalarType precision = type(in, "precision", Operands.type(scale));
        Tensor steps = torch.div(Operands.as(x, precision), Operands.as(scale, precision));
        Tensor zero = in.has(2) ? stretched(in, 2, x) : Operands.vector(0).reshape();
        return Quantization.rounded(steps, zero, type, in.flag("saturate", true));
    }

    private static Tensor dequantize(Call in) {
        Tensor x = in.tensor(0);
        Tensor whole = Casts.wide(x);
        Tensor scale = stretched(in, 1, x);
        ScalarType type = type(in, "output_dtype", Operands.type(scale));
        boolean real = whole.is_floating_point();
        Tensor wide = Operands.as(whole, real ? type : ScalarType.Long);
        Tensor centred = in.has(2) ? torch.sub(wide, Operands.as(stretched(in, 2, x), Operands.type(wide))) : wide;
        return torch.mul(Operands.as(centred, type), Operands.as(scale, type));
    }

    private static Tensor stretched(Call in, int factor, Tensor x) {
        return Quantization.stretched(in, in.tensor(factor), x, in.whole("axis", 1), in.whole("block_size", 0));
    }

    private static ScalarType type(Call in, String attribute, ScalarType otherwise) {
        int code = Math.toIntExact(in.whole(attribute, 0));
        return code == 0
                ? otherwise
                : Tensors.scalarType(ElementType.of(code))
                        .orElseThrow(
                                () -> in.refuse("has no " + attribute + " " + code + " that libtorch computes with"));
    }

    private static List<Tensor> dynamicQuantize(Call in) {
        Tensor x = in.tensor(0);
        var fit = Quantization.Fit.of(x);
        return List.of(fit.whole(x), fit.scale(), fit.zero());
    }

    /**
     * The product of whole numbers less their zero points, exact in float64.
     *
     * <p>Zero points are one number, or one for each row of the first matrix and each column of the second.
     */
    static Tensor product(Call in, Tensor a, int zeroOfRows, Tensor b, int zeroOfColumns) {
        Tensor left = Casts.wide(a).to(ScalarType.Double);
        Tensor right = Casts.wide(b).to(ScalarType.Double);
        if (in.has(zeroOfRows)) {
            left = torch.sub(left, rows(in.tensor(zeroOfRows)).to(ScalarType.Double));
        }
        if (in.has(zeroOfColumns)) {
            right = torch.sub(right, Quantization.one(in.tensor(zeroOfColumns)).to(ScalarType.Double));
        }
        MatrixOps.requireRoom(in, left, right);
        return torch.matmul(left, right);
    }

    /** A factor for each row: a vector stands upright. */
    static Tensor rows(Tensor factor) {
        Tensor wide = Quantization.one(factor);
        return wide.dim() == 1 ? wide.unsqueeze(1) : wide;
    }

    private static Tensor quantizedProduct(Call in) {
        Tensor product = product(in, in.tensor(0), 2, in.tensor(3), 5);
        Tensor factor = torch.mul(wide(rows(in.tensor(1))), wide(Quantization.one(in.tensor(4))));
        Tensor steps = torch.div(torch.mul(product, factor), wide(rows(in.tensor(6))));
        Tensor zero = in.tensor(7);
        return Quantization.rounded(steps, rows(zero), Operands.type(zero), true);
    }

    private static Tensor wide(Tensor scale) {
        return scale.to(ScalarType.Double);
    }
}
