package dev.graft.torch.ops;

import static org.bytedeco.pytorch.global.torch.addcmul_out;
import static org.bytedeco.pytorch.global.torch.mul;

import dev.graft.torch.Dropping;
import dev.graft.torch.OwnWayBack;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One operand after dropout and another, added; the factors of dropout are drawn once more on the way back. */
record DroppedSum(Dropping dropping) implements OwnWayBack {
    /** Whether two operands can be added so. */
    static boolean fits(Tensor x, Tensor rest) {
        ScalarType type = Operands.type(x);
        return x.is_cpu()
                && (type == ScalarType.Float || type == ScalarType.BFloat16)
                && type == Operands.type(rest)
                && Arrays.equals(x.shape(), rest.shape());
    }

    private Tensor factors(Tensor like) {
        Tensor factors = Tensors.empty(Operands.type(like), like.shape());
        dropping.fill(factors, 0);
        return factors;
    }

    @Override
    public List<Tensor> forward(List<Tensor> operands, Tensor result) {
        Tensor x = operands.get(0);
        addcmul_out(result, operands.get(1), x, factors(x));
        return List.of();
    }

    @Override
    public List<Tensor> backward(List<Tensor> kept, Tensor gradient) {
        return List.of(mul(gradient, factors(gradient)), gradient);
    }
}
