package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Truth values, comparisons, choices and bits. */
final class LogicOps {
    private LogicOps() {}

    static void register(OpTable ops) {
        ops.op("And", 7, in -> WholeNumbers.compare(in, in.tensor(0), in.tensor(1), torch::logical_and));
        ops.op("Or", 7, in -> WholeNumbers.compare(in, in.tensor(0), in.tensor(1), torch::logical_or));
        ops.op("Xor", 7, in -> WholeNumbers.compare(in, in.tensor(0), in.tensor(1), torch::logical_xor));
        ops.op("Not", 1, in -> torch.logical_not(in.tensor(0)));
        comparison(ops, "Equal", 7, torch::eq);
        comparison(ops, "Less", 7, torch::lt);
        comparison(ops, "LessOrEqual", 12, torch::le);
        comparison(ops, "Greater", 7, torch::gt);
        comparison(ops, "GreaterOrEqual", 12, torch::ge);
        ops.op("IsNaN", 9, in -> torch.isnan(in.tensor(0)));
        ops.op("IsInf", 10, LogicOps::isInfinite);
        ops.op("Where", 9, LogicOps::where);
        bits(ops, "BitwiseAnd", torch::bitwise_and);
        bits(ops, "BitwiseOr", torch::bitwise_or);
        bits(ops, "BitwiseXor", torch::bitwise_xor);
        ops.op(
                "BitwiseNot",
                18,
                in -> WholeNumbers.compute(in, in.tensor(0), in.tensor(0), (x, same) -> torch.bitwise_not(x)));
        ops.op("BitShift", 11, LogicOps::bitShift);
        withoutGradient(ops);
    }

    private static void withoutGradient(OpTable ops) {
        ops.withoutGradient(
                "And",
                "Or",
                "Xor",
                "Not",
                "Equal",
                "Less",
                "LessOrEqual",
                "Greater",
                "GreaterOrEqual",
                "IsNaN",
                "IsInf",
                "BitwiseAnd",
                "BitwiseOr",
                "BitwiseXor",
                "BitwiseNot",
                "BitShift");
    }

    private static void comparison(OpTable ops, String name, long since, BinaryOperator<Tensor> body) {
        ops.op(name, since, in -> WholeNumbers.compare(in, in.tensor(0), in.tensor(1), body));
    }

    private static void bits(OpTable ops, String name, BinaryOperator<Tensor> body) {
        ops.op(name, 18, in -> WholeNumbers.compute(in, in.tensor(0), in.tensor(1), body));
    }

    private static Tensor isInfinite(Call in) {
        Tensor x = in.tensor(0);
        Tensor positive = torch.isposinf(x);
        Tensor negative = torch.isneginf(x);
        if (!in.flag("detect_positive", true)) {
            return in.flag("detect_negative", true) ? negative : torch.zeros_like(negative);
        }
        return in.flag("detect_negative", true) ? torch.logical_or(positive, negative) : positive;
    }

    private static Tensor where(Call in) {
        Tensor condition = in.tensor(0);
        Operands.requireRoom(in, condition, in.tensor(1));
        Operands.requireRoom(in, condition, in.tensor(2));
        return WholeNumbers.compute(in, in.tensor(1), in.tensor(2), (yes, no) -> torch.where(condition, yes, no));
    }

    /** Shifted as int64, which loses nothing but the sign bit of uint64. */
    private static Tensor bitShift(Call in) {
        Tensor x = in.tensor(0);
        Tensor bits = in.tensor(1).to(ScalarType.Long);
        Tensor wide = x.to(ScalarType.Long);
        Tensor shifted = in.text("direction", "").equals("LEFT")
                ? torch.bitwise_left_shift(wide, bits)
                : torch.bitwise_right_shift(wide, bits);
        return shifted.to(Operands.type(x));
    }
}
