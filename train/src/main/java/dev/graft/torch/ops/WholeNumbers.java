package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Arithmetic on whole numbers where libtorch has no kernel, or one that ends the process.
 *
 * <p>Libtorch holds unsigned numbers of 16, 32 and 64 bits but hardly computes with them, so they are computed as int64
 * and cut to size; 64-bit values from 2^63 on are therefore divided as negative ones. The processor traps on the smallest
 * number divided by -1.
 */
final class WholeNumbers {
    private WholeNumbers() {}

    /** An operator on two operands of one type, carried out in int64 where libtorch has no kernel for the type. */
    static Tensor compute(Call in, Tensor a, Tensor b, BinaryOperator<Tensor> operator) {
        Operands.requireRoom(in, a, b);
        ScalarType type = Operands.type(a);
        return isWideUnsigned(type)
                ? operator.apply(a.to(ScalarType.Long), b.to(ScalarType.Long)).to(type)
                : operator.apply(a, b);
    }

    /** An operator on one operand, carried out in int64 where libtorch has no kernel for the type. */
    static Tensor compute(Tensor x, UnaryOperator<Tensor> operator) {
        ScalarType type = Operands.type(x);
        return isWideUnsigned(type) ? operator.apply(x.to(ScalarType.Long)).to(type) : operator.apply(x);
    }

    /** A comparison of two operands of one type. */
    static Tensor compare(Call in, Tensor a, Tensor b, BinaryOperator<Tensor> comparison) {
        Operands.requireRoom(in, a, b);
        return comparison.apply(ordered(a), ordered(b));
    }

    /** The greater or lesser of two operands of one type. */
    static Tensor choose(Call in, Tensor a, Tensor b, BinaryOperator<Tensor> choice) {
        Operands.requireRoom(in, a, b);
        return restored(choice.apply(ordered(a), ordered(b)), Operands.type(a));
    }

    /** Numbers in the same order, of a type that libtorch compares. */
    static Tensor ordered(Tensor x) {
        ScalarType type = Operands.type(x);
        if (type == ScalarType.UInt64) {
            return torch.bitwise_xor(x.view(ScalarType.Long), new Scalar(Long.MIN_VALUE));
        }
        return isWideUnsigned(type) ? x.to(ScalarType.Long) : x;
    }

    /** Ordered numbers as they were. */
    static Tensor restored(Tensor ordered, ScalarType type) {
        return type == ScalarType.UInt64
                ? torch.bitwise_xor(ordered, new Scalar(Long.MIN_VALUE)).view(type)
                : Operands.as(ordered, type);
    }

    /** Whether libtorch has hardly a kernel for a type. */
    static boolean isWideUnsigned(ScalarType type) {
        return type == ScalarType.UInt16 || type == ScalarType.UInt32 || type == ScalarType.UInt64;
    }

    /** The quotient, cut towards zero. */
    static Tensor divide(Call in, Tensor a, Tensor b) {
        Operands.requireRoom(in, a, b);
        Tensor dividend = Operands.as(a, ScalarType.Long);
        Tensor divisor = divisor(in, b);
        Tensor harmless = harmless(divisor);
        Tensor multiple = torch.sub(dividend, torch.fmod(dividend, harmless));
        Tensor quotient = torch.floor_divide(multiple, harmless);
        return Operands.as(torch.where(isMinusOne(divisor), torch.neg(dividend), quotient), Operands.type(a));
    }

    /** What remains, with the sign of the divisor as in Python, or of the dividend as in C. */
    static Tensor remainder(Call in, Tensor a, Tensor b, boolean signOfDividend) {
        Operands.requireRoom(in, a, b);
        Tensor dividend = Operands.as(a, ScalarType.Long);
        Tensor divisor = harmless(divisor(in, b));
        return Operands.as(
                signOfDividend ? torch.fmod(dividend, divisor) : torch.remainder(dividend, divisor), Operands.type(a));
    }

    private static Tensor divisor(Call in, Tensor b) {
        Tensor divisor = Operands.as(b, ScalarType.Long);
        if (torch.any(torch.eq(divisor, new Scalar(0))).item_bool()) {
            throw in.refuse("divides a whole number by zero");
        }
        return divisor;
    }

    private static Tensor isMinusOne(Tensor divisor) {
        return torch.eq(divisor, new Scalar(-1));
    }

    /** One divides by 1 instead of -1: the remainder is 0 either way. */
    private static Tensor harmless(Tensor divisor) {
        return torch.masked_fill(divisor, isMinusOne(divisor), new Scalar(1));
    }
}
