package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arithmetic, element by element. */
final class MathOps {
    private MathOps() {}

    static void register(OpTable ops) {
        ops.op("Add", 7, in -> binary(in, torch::add));
        ops.op("Sub", 7, in -> binary(in, torch::sub));
        ops.op("Mul", 7, in -> binary(in, torch::mul));
        ops.op("Div", 7, in -> div(in, in.tensor(0), in.tensor(1)));
        ops.op("Mod", 10, MathOps::mod);
        ops.op("Pow", 7, in -> pow(in, in.tensor(0), in.tensor(1)));
        ops.op("Max", 1, in -> extreme(in, torch::maximum));
        ops.op("Min", 1, in -> extreme(in, torch::minimum));
        ops.op("Sum", 1, in -> fold(in, torch::add));
        ops.op("Mean", 1, in -> torch.div(fold(in, torch::add), new Scalar((double) in.operands())));
        ops.op("Clip", 1, MathOps::clipByAttributes);
        ops.op("Clip", 11, MathOps::clip);
        unary(ops, "Neg", 1, torch::neg);
        ops.op("Abs", 1, in -> abs(in.tensor(0)));
        ops.op("Sign", 9, in -> sign(in.tensor(0)));
        unary(ops, "Sqrt", 1, torch::sqrt);
        unary(ops, "Reciprocal", 1, torch::reciprocal);
        unary(ops, "Exp", 1, torch::exp);
        unary(ops, "Log", 1, torch::log);
        unary(ops, "Erf", 9, MathOps::erf);
        unary(ops, "Ceil", 1, torch::ceil);
        unary(ops, "Floor", 1, torch::floor);
        unary(ops, "Round", 11, torch::round);
        unary(ops, "Sin", 7, torch::sin);
        unary(ops, "Cos", 7, torch::cos);
        unary(ops, "Tan", 7, torch::tan);
        unary(ops, "Asin", 7, torch::asin);
        unary(ops, "Acos", 7, torch::acos);
        unary(ops, "Atan", 7, torch::atan);
        unary(ops, "Sinh", 9, torch::sinh);
        unary(ops, "Cosh", 9, torch::cosh);
        unary(ops, "Asinh", 9, torch::asinh);
        unary(ops, "Acosh", 9, torch::acosh);
        unary(ops, "Atanh", 9, torch::atanh);
        ops.withoutGradient("Sign", "Ceil", "Floor", "Round");
    }

    private static void unary(OpTable ops, String name, long since, UnaryOperator<Tensor> body) {
        ops.op(name, since, in -> WholeNumbers.compute(in.tensor(0), body));
    }

    static Tensor abs(Tensor x) {
        return WholeNumbers.isWideUnsigned(Operands.type(x)) ? x : torch.abs(x);
    }

    private static Tensor sign(Tensor x) {
        if (WholeNumbers.isWideUnsigned(Operands.type(x))) {
            return torch.ne(Casts.carried(x), new Scalar(0)).to(Operands.type(x));
        }
        return x.is_floating_point() ? torch.where(torch.isnan(x), x, torch.sign(x)) : torch.sign(x);
    }

    private static Tensor erf(Tensor x) {
        return Operands.as(torch.erf(x), Operands.type(x));
    }

    private static Tensor binary(Call in, BinaryOperator<Tensor> body) {
        return WholeNumbers.compute(in, in.tensor(0), in.tensor(1), body);
    }

    static Tensor div(Call in, Tensor a, Tensor b) {
        return a.is_floating_point() ? WholeNumbers.compute(in, a, b, torch::div) : WholeNumbers.divide(in, a, b);
    }

    private static Tensor mod(Call in) {
        Tensor a = in.tensor(0);
        Tensor b = in.tensor(1);
        boolean signOfDividend = in.flag("fmod", false);
        if (!a.is_floating_point()) {
            return WholeNumbers.remainder(in, a, b, signOfDividend);
        }
        return WholeNumbers.compute(in, a, b, signOfDividend ? torch::fmod : torch::remainder);
    }

    /** Base and exponent may differ in type; the power has the base's. */
    static Tensor pow(Call in, Tensor of, Tensor to) {
        Tensor base = signed(of);
        Tensor given = signed(to);
        Tensor exponent = base.is_floating_point() && !given.is_floating_point()
                ? Operands.as(given, Operands.type(base))
                : given;
        Operands.requireRoom(in, base, exponent);
        boolean number = exponent.numel() == 1 && exponent.dim() <= base.dim() && !exponent.requires_grad();
        Tensor power = number && base.is_floating_point()
                ? torch.pow(base, new Scalar(exponent.item_double()))
                : torch.pow(base, exponent);
        return Operands.as(power, Operands.type(of));
    }

    private static Tensor signed(Tensor x) {
        return WholeNumbers.isWideUnsigned(Operands.type(x)) ? x.to(ScalarType.Long) : x;
    }

    private static Tensor fold(Call in, BinaryOperator<Tensor> body) {
        Tensor result = in.tensor(0);
        for (int i = 1; i < in.operands(); i++) {
            result = WholeNumbers.compute(in, result, in.tensor(i), body);
        }
        return result;
    }

    private static Tensor extreme(Call in, BinaryOperator<Tensor> body) {
        Tensor result = in.tensor(0);
        for (int i = 1; i < in.operands(); i++) {
            result = WholeNumbers.choose(in, result, in.tensor(i), body);
        }
        return result;
    }

    private static Tensor clipByAttributes(Call in) {
        var least = new ScalarOptional(new Scalar(in.real("min", -Float.MAX_VALUE)));
        return torch.clamp(in.tensor(0), least, new ScalarOptional(new Scalar(in.real("max", Float.MAX_VALUE))));
    }

    private static Tensor clip(Call in) {
        Tensor x = in.tensor(0);
        if (x.is_floating_point() && isNumber(in, 1) && isNumber(in, 2)) {
            return torch.clamp(x, Operands.optional(in, 1), Operands.optional(in, 2));
        }
        Tensor raised = in.has(1) ? WholeNumbers.choose(in, x, in.tensor(1), torch::maximum) : x;
        return in.has(2) ? WholeNumbers.choose(in, raised, in.tensor(2), torch::minimum) : raised;
    }

    private static boolean isNumber(Call in, int index) {
        return in.has(index) && in.tensor(index).numel() == 1;
    }
}
