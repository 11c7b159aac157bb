package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** The same elements under another shape, and shapes as values. */
final class ShapeOps {
    private ShapeOps() {}

    static void register(OpTable ops) {
        ops.values("Identity", 1, in -> List.of(in.value(0)));
        ops.op("Shape", 1, ShapeOps::shape);
        ops.op("Size", 1, in -> Operands.vector(in.tensor(0).numel()).reshape());
        ops.op("Reshape", 5, in -> reshape(in, in.longs(1)));
        ops.op("Flatten", 1, ShapeOps::flatten);
        ops.op("Squeeze", 1, in -> squeeze(in, in.longs("axes")));
        ops.op("Squeeze", 13, in -> squeeze(in, in.has(1) ? in.longs(1) : new long[0]));
        ops.op("Unsqueeze", 1, in -> unsqueeze(in, in.longs("axes")));
        ops.op("Unsqueeze", 13, in -> unsqueeze(in, in.longs(1)));
        ops.op("Transpose", 1, ShapeOps::transpose);
        ops.op("Expand", 8, ShapeOps::expand);
        ops.op("Tile", 6, in -> tile(in, in.longs(1)));
        ops.withoutGradient("Shape", "Size");
    }

    private static Tensor shape(Call in) {
        long[] shape = in.tensor(0).shape();
        int start = clamped(in.whole("start", 0), shape.length);
        int end = clamped(in.whole("end", shape.length), shape.length);
        return Operands.vector(start < end ? Arrays.copyOfRange(shape, start, end) : new long[0]);
    }

    private static int clamped(long index, int rank) {
        return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
    }

    static Tensor reshape(Call in, long[] wanted) {
        Tensor x = in.tensor(0);
        long[] from = x.shape();
        long[] to = wanted.clone();
        boolean zeroIsCopied = !in.flag("allowzero", false);
        int open = -1;
        for (int i = 0; i < to.length; i++) {
            if (to[i] == 0 && zeroIsCopied) {
                if (i >= from.length) {
                    throw in.refuse("copies dimension " + i + " of shape " + Operands.shown(from));
                }
                to[i] = from[i];
            } else if (to[i] == -1 && open < 0) {
                open = i;
            }
        }
        if (open >= 0) {
            to[open] = 1;
            to[open] = remaining(in, from, to);
        }
        if (Operands.count(in, to) != x.numel()) {
            throw in.refuse("cannot give shape " + Operands.shown(to) + " to the " + x.numel() + " elements of shape "
                    + Operands.shown(from));
        }
        return x.reshape(to);
    }

    /** The size that is left for the open dimension; sizes of 0 on both sides leave each other out. */
    private static long remaining(Call in, long[] from, long[] to) {
        boolean empty = Operands.count(in, from) == 0 && Operands.count(in, to) == 0;
        long elements = Operands.count(in, empty ? withoutZeros(from) : from);
        long known = Operands.count(in, empty ? withoutZeros(to) : to);
        return known == 0 ? 0 : elements / known;
    }

    private static long[] withoutZeros(long[] sizes) {
        return LongStream.of(sizes).filter(size -> size != 0).toArray();
    }

    private static Tensor flatten(Call in) {
        Tensor x = in.tensor(0);
        long axis = in.whole("axis", 1);
        int split = axis == x.dim() ? (int) axis : Operands.axis(in, axis, x.dim());
        long[] shape = x.shape();
        long rows = Operands.count(in, Arrays.copyOf(shape, split));
        long columns = Operands.count(in, Arrays.copyOfRange(shape, split, shape.length));
        return x.reshape(rows, columns);
    }

    private static Tensor squeeze(Call in, long[] given) {
        Tensor x = in.tensor(0);
        if (given.length == 0) {
            return x.squeeze();
        }
        long[] axes = Operands.axes(in, given, x.dim());
        for (long axis : axes) {
            if (x.size(axis) != 1) {
                throw in.refuse("removes axis " + axis + " of size " + x.size(axis) + "; only size 1 can go");
            }
        }
        return x.squeeze(axes);
    }

    private static Tensor unsqueeze(Call in, long[] given) {
        Tensor x = in.tensor(0);
        long[] axes = Operands.axes(in, given, x.dim() + given.length);
        Arrays.sort(axes);
        Tensor widened = x;
        for (long axis : axes) {
            widened = widened.unsqueeze(axis);
        }
        return widened;
    }

    private static Tensor transpose(Call in) {
        Tensor x = in.tensor(0);
        int rank = (int) x.dim();
        long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        return x.permute(in.longs("perm", reversed));
    }

    /** Both sides may stretch: a size of 1 in the wanted shape keeps the operand's. */
    private static Tensor expand(Call in) {
        Tensor x = in.tensor(0);
        long[] wanted = in.longs(1);
        long[] from = x.shape();
        long[] to = new long[Math.max(wanted.length, from.length)];
        for (int i = 1; i <= to.length; i++) {
            long mine = i <= from.length ? from[from.length - i] : 1;
            long asked = i <= wanted.length ? wanted[wanted.length - i] : 1;
            to[to.length - i] = asked == 1 ? mine : asked;
        }
        Operands.requireRoom(in, x.element_size(), to);
        return x.expand(to);
    }

    static Tensor tile(Call in, long[] times) {
        Tensor x = in.tensor(0);
        long[] shape = x.shape();
        if (times.length != shape.length) {
            throw in.refuse("repeats " + times.length + " dimensions of an array of " + shape.length);
        }
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Operands.count(in, shape[i], times[i]);
        }
        Operands.requireRoom(in, x.element_size(), shape);
        return x.repeat(times);
    }
}
