package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators that belong to no larger family. */
final class GenericOps {
    private static final String CLASSIC = "ai.onnx.ml";

    private GenericOps() {}

    static void register(OpTable ops) {
        ops.op("EyeLike", 9, GenericOps::eyeLike);
        ops.op("Det", 11, in -> determinant(in.tensor(0)));
        ops.op("Shrink", 9, GenericOps::shrink);
        ops.op("TfIdfVectorizer", 9, in -> Phrases.of(in).counted(in));
        ops.op(CLASSIC, "ArrayFeatureExtractor", 1, GenericOps::features);
        ops.op(CLASSIC, "Binarizer", 1, GenericOps::binarizer);
        ops.withoutGradient("EyeLike", "TfIdfVectorizer", "ai.onnx.ml.Binarizer");
    }

    /** Ones on a diagonal, in the operand's shape. */
    private static Tensor eyeLike(Call in) {
        Tensor x = in.tensor(0);
        if (x.dim() != 2) {
            throw in.refuse("needs a matrix, not an array of " + x.dim() + " dimensions");
        }
        long code = in.whole("dtype", 0);
        ScalarType type = code == 0
                ? Operands.type(x)
                : Tensors.scalarType(ElementType.of(Math.toIntExact(code)))
                        .orElseThrow(
                                () -> in.refuse("makes elements of type " + code + ", which libtorch does not hold"));
        Tensor row = Operands.counting(x.size(0), x).unsqueeze(1);
        Tensor column = Operands.counting(x.size(1), x);
        return Casts.to(torch.eq(torch.add(row, new Scalar(in.whole("k", 0))), column), type);
    }

    private static Tensor determinant(Tensor x) {
        ScalarType type = Operands.type(x);
        boolean half = type == ScalarType.Half || type == ScalarType.BFloat16;
        return half ? torch.linalg_det(x.to(ScalarType.Float)).to(type) : torch.linalg_det(x);
    }

    /** Towards zero by a bias, and zero near it; the attributes are real whatever the elements are. */
    private static Tensor shrink(Call in) {
        Tensor x = in.tensor(0);
        Tensor real = x.is_floating_point() ? x : x.to(ScalarType.Double);
        var bias = new Scalar(in.real("bias", 0));
        double bound = in.real("lambd", 0.5);
        Tensor above = torch.where(torch.gt(real, new Scalar(bound)), torch.sub(real, bias), torch.zeros_like(real));
        Tensor shrunk = torch.where(torch.lt(real, new Scalar(-bound)), torch.add(real, bias), above);
        return Operands.as(shrunk, Operands.type(x));
    }

    /** Columns by their number. */
    private static Tensor features(Call in) {
        Tensor x = in.tensor(0);
        Tensor index = in.tensor(1).reshape(-1);
        Tensor found = x.index_select(-1, index);
        return x.dim() == 1 ? found.reshape(1, index.numel()) : found;
    }

    private static Tensor binarizer(Call in) {
        Tensor x = in.tensor(0);
        return torch.gt(x, new Scalar(in.real("threshold", 0))).to(Operands.type(x));
    }
}
