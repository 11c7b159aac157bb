package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Tensors;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Numbers from one element type to another, those of 8 bits and fewer included, which libtorch holds but does not compute
 * with.
 *
 * <p>Source: ONNX, Cast-25.
 */
final class Casts {
    /** The largest number of each 8-bit real type. */
    private static final Map<ScalarType, Double> LARGEST = Map.of(
            ScalarType.Float8_e4m3fn, 448.0,
            ScalarType.Float8_e4m3fnuz, 240.0,
            ScalarType.Float8_e5m2, 57344.0,
            ScalarType.Float8_e5m2fnuz, 57344.0);

    private static final float[] FOUR_BITS = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
    private static final int EXPONENT_BIAS = 127;
    private static final int NO_EXPONENT = 255;

    private Casts() {}

    /** Whether libtorch holds a type without computing with it. */
    static boolean isNarrow(ScalarType type) {
        return LARGEST.containsKey(type)
                || type == ScalarType.Float8_e8m0fnu
                || type == ScalarType.Float4_e2m1fn_x2
                || isNarrowWhole(type);
    }

    /** Whether a type holds whole numbers of fewer than 8 bits. */
    static boolean isNarrowWhole(ScalarType type) {
        return type == ScalarType.UInt4
                || type == ScalarType.Int4
                || type == ScalarType.UInt2
                || type == ScalarType.Int2;
    }

    /** The same numbers in a type that libtorch computes with: float32, int8 or uint8 for narrow ones. */
    static Tensor wide(Tensor x) {
        ScalarType type = Operands.type(x);
        if (isNarrowWhole(type)) {
            return x.view(type == ScalarType.UInt4 || type == ScalarType.UInt2 ? ScalarType.Byte : ScalarType.Char);
        } else if (type == ScalarType.Float4_e2m1fn_x2) {
            Tensor values = Tensors.of(Array.of(FOUR_BITS, FOUR_BITS.length));
            Tensor codes = x.view(ScalarType.Byte).to(ScalarType.Long).reshape(-1);
            return values.index_select(0, codes).reshape(x.shape());
        }
        return isNarrow(type) ? x.to(ScalarType.Float) : x;
    }

    /** An operator that only moves elements, carried out on a type of as many bytes where libtorch has no kernel. */
    static Tensor moved(Tensor x, UnaryOperator<Tensor> operator) {
        ScalarType type = Operands.type(x);
        return carrier(type) == type
                ? operator.apply(x)
                : operator.apply(carried(x)).view(type);
    }

    /** The same bytes as elements of the type that carries them. */
    static Tensor carried(Tensor x) {
        ScalarType type = Operands.type(x);
        return carrier(type) == type ? x : x.view(carrier(type));
    }

    /** The type itself, or one of as many bytes for which libtorch has all kernels that move elements. */
    static ScalarType carrier(ScalarType type) {
        return switch (type) {
            case UInt16 -> ScalarType.Short;
            case UInt32 -> ScalarType.Int;
            case UInt64 -> ScalarType.Long;
            default -> isNarrow(type) ? ScalarType.Byte : type;
        };
    }

    /** The numbers in another type; too large ones become the largest there are. */
    static Tensor to(Tensor x, ScalarType type) {
        return to(x, type, true, "up");
    }

    /**
     * The numbers in another type.
     *
     * @param saturate whether numbers too large for an 8-bit real type become its largest, or else no number or infinite
     * @param rounding for powers of two (float8e8m0): {@code up}, {@code down} or {@code nearest}
     */
    static Tensor to(Tensor x, ScalarType type, boolean saturate, String rounding) {
        if (Operands.type(x) == type) {
            return x;
        }
        Tensor wide = wide(x);
        if (isNarrowWhole(type)) {
            return narrowWhole(wide, type);
        } else if (type == ScalarType.Float8_e8m0fnu) {
            return powersOfTwo(wide.to(ScalarType.Float), saturate, rounding);
        } else if (type == ScalarType.Float4_e2m1fn_x2) {
            return fourBits(wide.to(ScalarType.Float));
        }
        Double largest = LARGEST.get(type);
        if (largest == null) {
            return Operands.as(wide, type);
        }
        Tensor real = wide.to(ScalarType.Float);
        return (saturate ? clamped(real, -largest, largest) : real).to(type);
    }

    static Tensor clamped(Tensor x, double least, double most) {
        return torch.clamp(x, new ScalarOptional(new Scalar(least)), new ScalarOptional(new Scalar(most)));
    }

    /** Real numbers are cut to whole ones within the type's range; of whole ones the lowest bits are kept. */
    private static Tensor narrowWhole(Tensor x, ScalarType type) {
        boolean signed = type == ScalarType.Int4 || type == ScalarType.Int2;
        int count = type == ScalarType.Int4 || type == ScalarType.UInt4 ? 16 : 4;
        double least = signed ? -count / 2 : 0;
        Tensor whole = x.is_floating_point()
                ? clamped(torch.trunc(x.to(ScalarType.Float)), least, least + count - 1)
                        .to(ScalarType.Long)
                : x.to(ScalarType.Long);
        Tensor moved = torch.sub(whole, new Scalar((long) least));
        Tensor kept = torch.add(torch.remainder(moved, new Scalar(count)), new Scalar((long) least));
        return kept.to(signed ? ScalarType.Char : ScalarType.Byte).view(type);
    }

    /** Halves of steps go to the even code, as the comparisons with and without equality say. */
    private static Tensor fourBits(Tensor x) {
        Tensor size = torch.abs(x);
        double[] above = {0.25, 1.25, 2.5, 5};
        double[] from = {0.75, 1.75, 3.5};
        Tensor code = torch.mul(torch.signbit(x).to(ScalarType.Byte), new Scalar(8));
        for (double bound : above) {
            code = torch.add(code, torch.gt(size, new Scalar(bound)));
        }
        for (double bound : from) {
            code = torch.add(code, torch.ge(size, new Scalar(bound)));
        }
        return code.view(ScalarType.Float4_e2m1fn_x2);
    }

    private static Tensor powersOfTwo(Tensor x, boolean saturate, String rounding) {
        var parts = torch.frexp(x);
        Tensor lower = torch.add(parts.get1().to(ScalarType.Long), new Scalar(EXPONENT_BIAS - 1L));
        Tensor up = switch (rounding) {
            case "down" -> torch.zeros_like(lower);
            case "nearest" -> torch.ge(parts.get0(), new Scalar(0.75));
            default -> torch.gt(parts.get0(), new Scalar(0.5));
        };
        Tensor code = torch.add(lower, up);
        Tensor low = torch.logical_or(torch.lt(code, new Scalar(0)), torch.eq(x, new Scalar(0.0)));
        Tensor high = torch.logical_or(torch.ge(code, new Scalar(NO_EXPONENT)), torch.isposinf(x));
        code = torch.masked_fill(code, low, new Scalar(saturate ? 0 : NO_EXPONENT));
        code = torch.masked_fill(code, high, new Scalar(saturate ? NO_EXPONENT - 1 : NO_EXPONENT));
        Tensor none = torch.logical_or(torch.isnan(x), torch.lt(x, new Scalar(0.0)));
        return torch.masked_fill(code, none, new Scalar(NO_EXPONENT))
                .to(ScalarType.Byte)
                .view(ScalarType.Float8_e8m0fnu);
    }
}
