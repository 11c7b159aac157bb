package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Whole numbers for real ones: {@code real = (whole - zero point) · scale}, for a tensor, each of its slices, or blocks. */
final class Quantization {
    private Quantization() {}

    /** The real numbers that an operand stands for, float32, by operands of one scale and one zero point. */
    static Tensor real(Call in, int x, int scale, int zero) {
        return torch.mul(
                centred(in, x, zero, ScalarType.Float), in.tensor(scale).reshape());
    }

    /** An operand less its zero point, which may be left out; both of one element in all or broadcast. */
    static Tensor centred(Call in, int x, int zero, ScalarType type) {
        Tensor whole = Casts.wide(in.tensor(x)).to(type);
        return in.has(zero) ? torch.sub(whole, one(in.tensor(zero)).to(type)) : whole;
    }

    /** A scale or zero point of one element, without dimensions. */
    static Tensor one(Tensor x) {
        Tensor wide = Casts.wide(x);
        return x.numel() == 1 ? wide.reshape() : wide;
    }

    /** Real numbers as whole ones by operands of one scale and one zero point, whose type is uint8 where it is left out. */
    static Tensor whole(Call in, Tensor real, int scale, int zero) {
        Tensor steps = torch.div(real, one(in.tensor(scale)));
        return in.has(zero)
                ? rounded(steps, one(in.tensor(zero)), Operands.type(in.tensor(zero)), true)
                : rounded(steps, Operands.vector(0).reshape(), ScalarType.Byte, true);
    }

    /** Numbers of steps as elements of a type: to the nearest whole one, halves to the even one, and within its range. */
    static Tensor rounded(Tensor steps, Tensor zero, ScalarType type, boolean saturate) {
        if (Casts.isNarrow(type) && !Casts.isNarrowWhole(type)) {
            return Casts.to(torch.add(steps, zero.to(Operands.type(steps))), type, saturate, "up");
        }
        Tensor moved = torch.add(torch.round(steps).to(ScalarType.Double), zero.to(ScalarType.Double));
        ElementType element = Tensors.elementType(type);
        double count = Math.pow(2, element.bits());
        double least = element.name().startsWith("U") ? 0 : -count / 2;
        return Casts.to(Casts.clamped(moved, least, least + count - 1), type);
    }

    /**
     * A scale or zero point stretched over an array: one element for all, a vector along an axis, or one element for each
     * block along it.
     */
    static Tensor stretched(Call in, Tensor factor, Tensor x, long axisGiven, long blockGiven) {
        Tensor wide = Casts.wide(factor);
        if (factor.numel() == 1 && factor.dim() <= 1) {
            return wide.reshape();
        }
        int axis = Operands.axis(in, axisGiven, x.dim());
        if (blockGiven == 0 && factor.dim() == 1) {
            if (factor.size(0) != x.size(axis)) {
                throw in.refuse("has " + factor.size(0) + " scales or zero points for an axis of size " + x.size(axis));
            }
            long[] shape = new long[(int) x.dim()];
            Arrays.fill(shape, 1);
            shape[axis] = factor.size(0);
            return wide.reshape(shape);
        }
        if (factor.dim() != x.dim()) {
            throw in.refuse("has scales of " + factor.dim() + " dimensions for blocks of an array of " + x.dim());
        }
        long size = x.size(axis);
        long blocks = Math.max(1, factor.size(axis));
        long block = blockGiven == 0 ? Sizes.ceilDiv(size, blocks) : blockGiven;
        if (block < 1 || blocks != Math.max(1, Sizes.ceilDiv(size, block))) {
            throw in.refuse("has " + blocks + " blocks of " + block + " for an axis of size " + size);
        }
        long times = Math.min(block, Math.max(1, size));
        Tensor each = torch.repeat_interleave(wide, times, new LongOptional(axis), new LongOptional());
        return each.narrow(axis, 0, size);
    }

    /** The scale and zero point that spend the range of uint8 on the numbers from the least to the greatest and 0. */
    record Fit(Tensor scale, Tensor zero) {
        private static final double STEPS = 255;

        static Fit of(Tensor x) {
            Tensor nothing = torch.zeros_like(x.sum());
            Tensor least = x.numel() == 0 ? nothing : torch.minimum(torch.amin(x), nothing);
            Tensor most = x.numel() == 0 ? nothing : torch.maximum(torch.amax(x), nothing);
            Tensor step = torch.div(torch.sub(most, least), new Scalar(STEPS));
            Tensor scale = torch.where(torch.eq(step, new Scalar(0)), torch.ones_like(step), step);
            Tensor zero = Casts.clamped(torch.round(torch.neg(torch.div(least, scale))), 0, STEPS);
            return new Fit(scale, zero.to(ScalarType.Byte));
        }

        Tensor whole(Tensor x) {
            return rounded(torch.div(x, scale), zero, ScalarType.Byte, true);
        }
    }
}
