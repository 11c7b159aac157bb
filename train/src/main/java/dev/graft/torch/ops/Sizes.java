package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Attributes that hold a number for each spatial axis, and arithmetic on sizes. */
final class Sizes {
    private Sizes() {}

    /** A list attribute of so many numbers, each no less than a bound; the default for all where it is not set. */
    static long[] perAxis(Call in, String attribute, int count, long otherwise, long least) {
        long[] given = in.longs(attribute);
        long[] values = new long[count];
        Arrays.fill(values, otherwise);
        if (given.length != 0 && given.length != count) {
            throw in.refuse("needs " + count + " numbers in '" + attribute + "', not " + Operands.shown(given));
        }
        System.arraycopy(given, 0, values, 0, given.length);
        return atLeast(in, attribute, least, values);
    }

    /** The values themselves, each of which must not be less than a bound. */
    static long[] atLeast(Call in, String what, long least, long... values) {
        if (Arrays.stream(values).anyMatch(value -> value < least)) {
            throw in.refuse("has '" + what + "' " + Operands.shown(values) + "; none may be less than " + least);
        }
        return values;
    }

    /** The quotient, rounded up. */
    static long ceilDiv(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }

    /** So many equal numbers. */
    static long[] filled(int count, long value) {
        long[] values = new long[count];
        Arrays.fill(values, value);
        return values;
    }

    /** An array with its last axes padded, or cut where a padding is negative. */
    static Tensor padded(Call in, Tensor x, long[] before, long[] behind, Scalar value) {
        int axes = before.length;
        long[] shape = x.shape();
        long[] lastFirst = new long[2 * axes];
        for (int i = 0; i < axes; i++) {
            int axis = shape.length - axes + i;
            shape[axis] = Math.addExact(Math.addExact(shape[axis], before[i]), behind[i]);
            lastFirst[2 * (axes - 1 - i)] = before[i];
            lastFirst[2 * (axes - 1 - i) + 1] = behind[i];
        }
        Operands.requireRoom(in, x.element_size(), shape);
        return Arrays.stream(lastFirst).allMatch(pad -> pad == 0) ? x : torch.constant_pad_nd(x, lastFirst, value);
    }
}
