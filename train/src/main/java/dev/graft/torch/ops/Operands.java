package dev.graft.torch.ops;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Axes, sizes and element types of operands, checked as ONNX asks. */
final class Operands {
    /** Below this many bytes nobody asks whether the machine has them. */
    private static final long SMALL = 1L << 26;

    /** A result takes at most this part of the machine's memory: one of two that must stand side by side. */
    private static final long SHARE = 2;

    private static final long MEMORY =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();

    private static final int SHOWN = 16;

    private Operands() {}

    /** An axis counted from the first, whichever end it was counted from. */
    static int axis(Call in, long axis, long rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted >= rank) {
            throw in.refuse("has axis " + axis + ", which an array of " + rank + " dimensions lacks");
        }
        return (int) counted;
    }

    /** Axes counted from the first. */
    static long[] axes(Call in, long[] axes, long rank) {
        long[] counted = new long[axes.length];
        Arrays.setAll(counted, i -> axis(in, axes[i], rank));
        if (LongStream.of(counted).distinct().count() != counted.length) {
            throw in.refuse("names an axis twice: " + shown(axes));
        }
        return counted;
    }

    /** All axes of an array of so many dimensions. */
    static long[] allAxes(long rank) {
        return LongStream.range(0, rank).toArray();
    }

    /** The product of sizes; negative sizes and products beyond 64 bits are refused. */
    static long count(Call in, long... sizes) {
        long count = 1;
        for (long size : sizes) {
            if (size < 0) {
                throw in.refuse("asks for a negative size: " + shown(sizes));
            }
            if (size > 0 && count > Long.MAX_VALUE / size) {
                throw in.refuse("asks for more elements than can be counted: " + shown(sizes));
            }
            count *= size;
        }
        return count;
    }

    /**
     * Refuses a result that would take more than {@link #SHARE} of this machine's memory.
     *
     * @param bytesEach of one element
     */
    static void requireRoom(Call in, long bytesEach, long... shape) {
        long elements = count(in, shape);
        if (elements > SMALL / bytesEach && elements > MEMORY / SHARE / bytesEach) {
            throw in.refuse("asks for " + elements + " elements of shape " + shown(shape)
                    + ", more than half of this machine's memory holds; use a smaller batch or shorter inputs");
        }
    }

    /** Refuses operands that broadcast to more than a result may take; those that do not fit are left to libtorch. */
    static void requireRoom(Call in, Tensor a, Tensor b) {
        if ((double) a.numel() * b.numel() * Long.BYTES <= SMALL) {
            return;
        }
        long[] wide = a.dim() < b.dim() ? b.shape() : a.shape();
        long[] narrow = a.dim() < b.dim() ? a.shape() : b.shape();
        for (int i = 1; i <= narrow.length; i++) {
            int at = wide.length - i;
            wide[at] = wide[at] == 1 ? narrow[narrow.length - i] : wide[at];
        }
        requireRoom(in, Math.max(a.element_size(), b.element_size()), wide);
    }

    /** A list of numbers as errors show it, cut short where nobody would read it. */
    static String shown(long... numbers) {
        return numbers.length <= SHOWN
                ? Arrays.toString(numbers)
                : Arrays.toString(Arrays.copyOf(numbers, SHOWN)).replace("]", ", …]") + " (" + numbers.length + ")";
    }

    static ScalarType type(Tensor tensor) {
        return tensor.scalar_type().intern();
    }

    /** The type with a number of ONNX's, as an attribute gives it. */
    static ScalarType type(Call in, long code) {
        return Tensors.scalarType(ElementType.of(Math.toIntExact(code)))
                .orElseThrow(() -> in.refuse("names element type " + code + ", which libtorch does not compute with"));
    }

    /** A truth value in the host's memory. */
    static Tensor truth(boolean value) {
        return Tensors.of(Array.of(new boolean[] {value}));
    }

    /** A tensor's element type, as reductions and sums want to be told it. */
    static ScalarTypeOptional sameType(Tensor tensor) {
        return new ScalarTypeOptional(type(tensor));
    }

    /** The tensor in another element type; itself where it has that type. */
    static Tensor as(Tensor tensor, ScalarType type) {
        return type(tensor) == type ? tensor : tensor.to(type);
    }

    /** An operand of so many dimensions. */
    static Tensor ofRank(Call in, int index, int rank) {
        Tensor tensor = in.tensor(index);
        if (tensor.dim() != rank) {
            throw in.refuse("needs operand " + index + " of " + rank + " dimensions, not of shape "
                    + Arrays.toString(tensor.shape()));
        }
        return tensor;
    }

    /** Refuses an operand of another shape. */
    static void requireShape(Call in, int index, long... shape) {
        if (!Arrays.equals(in.tensor(index).shape(), shape)) {
            throw in.refuse("needs operand " + index + " of shape " + Arrays.toString(shape) + ", not "
                    + Arrays.toString(in.tensor(index).shape()));
        }
    }

    /** Slices along an axis; unsigned numbers, which libtorch does not select, as the signed ones of their size. */
    static Tensor select(Tensor x, long axis, Tensor index) {
        ScalarType type = type(x);
        ScalarType known = switch (type) {
            case UInt16 -> ScalarType.Short;
            case UInt32 -> ScalarType.Int;
            case UInt64 -> ScalarType.Long;
            default -> type;
        };
        return known == type
                ? x.index_select(axis, index)
                : x.view(known).index_select(axis, index).view(type);
    }

    /** An optional operand. */
    static TensorOptional optional(Call in, int index) {
        return in.has(index) ? new TensorOptional(in.tensor(index)) : new TensorOptional();
    }

    /** The numbers from 0 on, on the device of another tensor. */
    static Tensor counting(long count, Tensor beside) {
        return torch.arange(new Scalar(count)).to(beside.device(), ScalarType.Long);
    }

    /** Whole numbers as a vector in the host's memory. */
    static Tensor vector(long... values) {
        return Tensors.of(Array.of(values, values.length));
    }

    static TensorVector list(Tensor... tensors) {
        return new TensorVector(tensors);
    }

    /** All operands, in order. */
    static Tensor[] all(Call in) {
        Tensor[] operands = new Tensor[in.operands()];
        Arrays.setAll(operands, in::tensor);
        return operands;
    }
}
