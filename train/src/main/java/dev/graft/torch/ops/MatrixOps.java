package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Matrix products. */
final class MatrixOps {
    private MatrixOps() {}

    static void register(OpTable ops) {
        ops.op("MatMul", 1, MatrixOps::matmul);
        ops.op("Gemm", 1, MatrixOps::gemm);
        ops.op("Einsum", 12, MatrixOps::einsum);
    }

    private static Tensor matmul(Call in) {
        Tensor a = in.tensor(0);
        Tensor b = in.tensor(1);
        requireRoom(in, a, b);
        ScalarType type = Operands.type(a);
        return WholeNumbers.isWideUnsigned(type)
                ? torch.matmul(a.to(ScalarType.Long), b.to(ScalarType.Long)).to(type)
                : torch.matmul(a, b);
    }

    /** Rows of the one and columns of the other broadcast as the product's own sizes do. */
    static void requireRoom(Call in, Tensor a, Tensor b) {
        if (a.dim() > 1 && b.dim() > 1) {
            Operands.requireRoom(
                    in, a.element_size(), Math.max(matrices(in, a), matrices(in, b)), a.size(-2), b.size(-1));
            Operands.requireRoom(
                    in, a.narrow(-1, 0, Math.min(1, a.size(-1))), b.narrow(-2, 0, Math.min(1, b.size(-2))));
        }
    }

    private static long matrices(Call in, Tensor x) {
        return Operands.count(in, Arrays.copyOf(x.shape(), (int) x.dim() - 2));
    }

    static Tensor gemm(Call in) {
        Tensor a = in.flag("transA", false) ? in.tensor(0).t() : in.tensor(0);
        Tensor b = in.flag("transB", false) ? in.tensor(1).t() : in.tensor(1);
        requireRoom(in, a, b);
        if (!a.is_floating_point()) {
            return wholeGemm(in, a, b);
        }
        var alpha = new Scalar(in.real("alpha", 1));
        if (!in.has(2)) {
            return torch.mul(torch.matmul(a, b), alpha);
        }
        return torch.addmm(in.tensor(2), a, b, new Scalar(in.real("beta", 1)), alpha);
    }

    /** Factors need not be whole where the matrices are. */
    private static Tensor wholeGemm(Call in, Tensor a, Tensor b) {
        Tensor product = torch.mul(
                torch.matmul(a.to(ScalarType.Double), b.to(ScalarType.Double)), new Scalar(in.real("alpha", 1)));
        Tensor sum = in.has(2)
                ? torch.add(product, in.tensor(2).to(ScalarType.Double), new Scalar(in.real("beta", 1)))
                : product;
        return sum.to(Operands.type(a));
    }

    private static Tensor einsum(Call in) {
        Tensor[] operands = Operands.all(in);
        if (operands.length == 0) {
            throw in.refuse("needs an operand at least");
        }
        ScalarType type = Operands.type(operands[0]);
        if (WholeNumbers.isWideUnsigned(type)) {
            Arrays.setAll(operands, i -> operands[i].to(ScalarType.Long));
        }
        return Operands.as(torch.einsum(in.text("equation", ""), Operands.list(operands)), type);
    }
}
