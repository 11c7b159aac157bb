package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Elements by their index. */
final class IndexOps {
    private IndexOps() {}

    static void register(OpTable ops) {
        ops.op("Gather", 1, IndexOps::gather);
        ops.op("GatherElements", 11, IndexOps::gatherElements);
        ops.op("GatherND", 11, IndexOps::gatherNd);
        ops.op("Scatter", 9, IndexOps::scatterElements);
        ops.op("ScatterElements", 11, IndexOps::scatterElements);
        ops.op("ScatterND", 11, IndexOps::scatterNd);
        ops.op("OneHot", 9, IndexOps::oneHot);
        ops.op("NonZero", 9, in -> torch.nonzero(Casts.carried(in.tensor(0))).t());
        ops.multi("TopK", 1, in -> topK(in, in.whole("k", 1)));
        ops.multi("TopK", 10, in -> topK(in, in.scalarWhole(1)));
        ops.withoutGradient("NonZero");
    }

    private static Tensor gather(Call in) {
        Tensor data = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), data.dim());
        Tensor index = fromFront(in.tensor(1), data.size(axis));
        if (axis == 0 && data.dim() == 2 && data.is_floating_point()) {
            return in.rows(0, index);
        }
        long[] rows = data.shape();
        long[] shape = new long[rows.length - 1 + (int) index.dim()];
        System.arraycopy(rows, 0, shape, 0, axis);
        System.arraycopy(index.shape(), 0, shape, axis, (int) index.dim());
        System.arraycopy(rows, axis + 1, shape, axis + (int) index.dim(), rows.length - 1 - axis);
        return data.index_select(axis, index.reshape(-1)).reshape(shape);
    }

    /** Indices counted from the first element, whichever end they were counted from. */
    private static Tensor fromFront(Tensor index, long size) {
        Tensor whole = Operands.as(index, ScalarType.Long);
        return torch.where(torch.lt(whole, new Scalar(0)), torch.add(whole, new Scalar(size)), whole);
    }

    private static Tensor gatherElements(Call in) {
        Tensor data = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), data.dim());
        Tensor index = fromFront(in.tensor(1), data.size(axis));
        return Casts.moved(data, stored -> torch.gather(stored, axis, index));
    }

    static Tensor gatherNd(Call in) {
        Tensor data = in.tensor(0);
        Tensor index = in.tensor(1);
        int batch = Math.toIntExact(in.whole("batch_dims", 0));
        var rows = Rows.of(in, data, index, batch);
        long[] lead = Arrays.copyOf(index.shape(), (int) index.dim() - 1);
        return rows.of(data).index_select(0, rows.number().reshape(-1)).reshape(rows.shape(lead));
    }

    private static Tensor scatterElements(Call in) {
        Tensor data = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 0), data.dim());
        return scatter(in, data, axis, fromFront(in.tensor(1), data.size(axis)), in.tensor(2));
    }

    private static Tensor scatterNd(Call in) {
        Tensor data = in.tensor(0);
        var rows = Rows.of(in, data, in.tensor(1), 0);
        Tensor table = rows.of(data);
        Tensor number = rows.number().reshape(-1, 1);
        Tensor updates = in.tensor(2).reshape(number.size(0), table.size(1));
        return scatter(in, table, 0, number.expand(updates.shape()), updates).reshape(data.shape());
    }

    private static Tensor scatter(Call in, Tensor data, long axis, Tensor index, Tensor updates) {
        ScalarType type = Operands.type(data);
        String reduction = in.text("reduction", "none");
        if (reduction.equals("none")) {
            return Casts.moved(data, stored -> torch.scatter(stored, axis, index, Casts.carried(updates)));
        } else if (WholeNumbers.isWideUnsigned(type)) {
            return reduced(in, data.to(ScalarType.Long), axis, index, updates.to(ScalarType.Long), reduction)
                    .to(type);
        }
        return reduced(in, data, axis, index, updates, reduction);
    }

    private static Tensor reduced(Call in, Tensor data, long axis, Tensor index, Tensor updates, String reduction) {
        return switch (reduction) {
            case "add" -> torch.scatter_add(data, axis, index, updates);
            case "mul" -> torch.scatter_reduce(data, axis, index, updates, "prod", true);
            case "min" -> torch.scatter_reduce(data, axis, index, updates, "amin", true);
            case "max" -> torch.scatter_reduce(data, axis, index, updates, "amax", true);
            default -> throw in.refuse("has the unknown reduction '" + reduction + "'");
        };
    }

    private static Tensor oneHot(Call in) {
        Tensor index = in.tensor(0).to(ScalarType.Long);
        long depth = (long) in.scalar(1);
        int axis = Operands.axis(in, in.whole("axis", -1), index.dim() + 1);
        Tensor values = in.tensor(2);
        Operands.requireRoom(in, values.element_size(), Operands.count(in, index.numel(), depth));
        long[] alongAxis = new long[(int) index.dim() + 1];
        Arrays.fill(alongAxis, 1);
        alongAxis[axis] = depth;
        Tensor positions = Operands.counting(depth, index).reshape(alongAxis);
        Tensor hot = torch.eq(fromFront(index, depth).unsqueeze(axis), positions);
        return torch.where(hot, values.select(0, 1), values.select(0, 0));
    }

    /** Of equal elements the one of the lower index comes first. */
    private static List<Tensor> topK(Call in, long k) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", -1), x.dim());
        if (k < 0 || k > x.size(axis)) {
            throw in.refuse("wants the top " + k + " of " + x.size(axis));
        }
        var sorted = torch.sort(WholeNumbers.ordered(x), new BoolOptional(true), axis, in.flag("largest", true));
        Tensor values = WholeNumbers.restored(sorted.get0().narrow(axis, 0, k), Operands.type(x));
        return List.of(values, sorted.get1().narrow(axis, 0, k));
    }
}
