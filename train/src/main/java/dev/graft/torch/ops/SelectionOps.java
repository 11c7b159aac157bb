package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What remains of many: chosen slices, different ones, and the best of overlapping boxes. */
final class SelectionOps {
    private SelectionOps() {}

    static void register(OpTable ops) {
        ops.op("Compress", 9, SelectionOps::compress);
        ops.multi("Unique", 11, SelectionOps::unique);
        ops.op("NonMaxSuppression", 10, SelectionOps::nonMaxSuppression);
        ops.withoutGradient("NonMaxSuppression");
    }

    /** The condition may be shorter than the axis; what it does not reach is left out. */
    private static Tensor compress(Call in) {
        Tensor x = along(in);
        int axis = axis(in, x);
        Tensor chosen = torch.nonzero(Operands.ofRank(in, 1, 1)).reshape(-1);
        if (in.tensor(1).size(0) > x.size(axis)) {
            throw in.refuse("chooses by " + in.tensor(1).size(0) + " truth values from " + x.size(axis) + " slices");
        }
        return Operands.select(x, axis, chosen);
    }

    private static boolean hasAxis(Call in) {
        return in.node().attributes().containsKey("axis");
    }

    /** The operand, flattened where the node names no axis. */
    private static Tensor along(Call in) {
        return hasAxis(in) ? in.tensor(0) : in.tensor(0).reshape(-1);
    }

    private static int axis(Call in, Tensor x) {
        return hasAxis(in) ? Operands.axis(in, in.whole("axis", 0), x.dim()) : 0;
    }

    private static List<Tensor> unique(Call in) {
        Tensor x = along(in);
        int axis = axis(in, x);
        Tensor[] found = found(x, axis);
        Tensor first = found[0];
        Tensor inverse = found[1];
        Tensor counts = found[2];
        if (!in.flag("sorted", true)) {
            Tensor order = torch.argsort(first);
            first = first.index_select(0, order);
            counts = counts.index_select(0, order);
            inverse = torch.argsort(order).index_select(0, inverse);
        }
        return List.of(Operands.select(x, axis, first), first, inverse, counts);
    }

    /** Where each different slice stands first, which of them each slice is, and how often each is there. */
    private static Tensor[] found(Tensor x, int axis) {
        Tensor places = Operands.counting(x.size(axis), x);
        if (x.numel() == 0) {
            Tensor any = places.narrow(0, 0, Math.min(1, x.size(axis)));
            return new Tensor[] {any, torch.zeros_like(places), torch.full_like(any, size(x, axis))};
        }
        var sorted = torch.unique_dim(computable(x.detach()), axis, true, true, true);
        Tensor inverse = sorted.get1().reshape(-1);
        Tensor last = torch.full_like(sorted.get2(), size(x, axis));
        Tensor first = torch.scatter_reduce(last, 0, inverse, places, "amin", true);
        return new Tensor[] {first, inverse, sorted.get2()};
    }

    private static Scalar size(Tensor x, int axis) {
        return new Scalar(x.size(axis));
    }

    /** Types that libtorch cannot sort, in one that it can. */
    private static Tensor computable(Tensor x) {
        ScalarType type = Operands.type(x);
        boolean wide = type == ScalarType.UInt16 || type == ScalarType.UInt32 || type == ScalarType.UInt64;
        boolean half = type == ScalarType.Half || type == ScalarType.BFloat16;
        return wide ? x.to(ScalarType.Long) : half ? x.to(ScalarType.Float) : x;
    }

    /** A box by its lower and upper corner. */
    private record Box(int index, float score, float lowY, float lowX, float highY, float highX) {
        static Box of(int index, float score, double[] boxes, int at, boolean byCenter) {
            float a = (float) boxes[at];
            float b = (float) boxes[at + 1];
            float c = (float) boxes[at + 2];
            float d = (float) boxes[at + 3];
            return byCenter
                    ? new Box(index, score, b - d / 2, a - c / 2, b + d / 2, a + c / 2)
                    : new Box(index, score, Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d));
        }

        float area() {
            return (highY - lowY) * (highX - lowX);
        }

        /** Whether the boxes share more than a part of what they cover together. */
        boolean overlaps(Box other, float threshold) {
            float height = Math.min(highY, other.highY) - Math.max(lowY, other.lowY);
            float width = Math.min(highX, other.highX) - Math.max(lowX, other.lowX);
            if (height <= 0 || width <= 0 || area() <= 0 || other.area() <= 0) {
                return false;
            }
            float shared = height * width;
            return shared / (area() + other.area() - shared) > threshold;
        }
    }

    private static Tensor nonMaxSuppression(Call in) {
        Tensor scores = Operands.ofRank(in, 1, 3);
        int batches = Math.toIntExact(scores.size(0));
        int classes = Math.toIntExact(scores.size(1));
        int count = Math.toIntExact(scores.size(2));
        Operands.requireShape(in, 0, batches, count, 4);
        double[] boxes = in.reals(0);
        double[] values = in.reals(1);
        var selected = new ArrayList<long[]>();
        for (int batch = 0; batch < batches; batch++) {
            for (int kind = 0; kind < classes; kind++) {
                in.requireUninterrupted();
                for (Box box : best(in, candidates(in, boxes, values, batch, kind, classes, count))) {
                    selected.add(new long[] {batch, kind, box.index()});
                }
            }
        }
        long[] flat = selected.stream().flatMapToLong(Arrays::stream).toArray();
        return Operands.vector(flat).reshape(selected.size(), 3);
    }

    /** The boxes of one class above the threshold, the best first. */
    private static List<Box> candidates(
            Call in, double[] boxes, double[] scores, int batch, int kind, int classes, int count) {
        boolean byCenter = in.flag("center_point_box", false);
        double threshold = in.has(4) ? in.scalar(4) : Double.NEGATIVE_INFINITY;
        int from = (batch * classes + kind) * count;
        return IntStream.range(0, count)
                .filter(i -> scores[from + i] > threshold)
                .mapToObj(i -> Box.of(i, (float) scores[from + i], boxes, 4 * (batch * count + i), byCenter))
                .sorted(Comparator.comparingDouble(Box::score).reversed())
                .toList();
    }

    private static List<Box> best(Call in, List<Box> candidates) {
        long most = in.has(2) ? in.scalarWhole(2) : 0;
        float threshold = (float) in.scalar(3, 0);
        var kept = new ArrayList<Box>();
        for (Box candidate : candidates) {
            if (kept.size() >= most) {
                break;
            }
            if (kept.stream().noneMatch(other -> other.overlaps(candidate, threshold))) {
                kept.add(candidate);
            }
        }
        return kept;
    }
}
