package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** An array seen as a table whose rows are what an index of several coordinates selects. */
final class Rows {
    private final Tensor number;
    private final long[] rest;

    private Rows(Tensor number, long[] rest) {
        this.number = number;
        this.rest = rest;
    }

    /**
     * The rows that the last dimension of an index selects.
     *
     * @param batch the number of leading dimensions that array and index share
     */
    static Rows of(Call in, Tensor data, Tensor index, int batch) {
        long[] sizes = data.shape();
        int coordinates = Math.toIntExact(index.size(-1));
        if (batch < 0 || batch >= index.dim() || batch + coordinates > sizes.length) {
            throw in.refuse("selects by " + coordinates + " coordinates after " + batch + " shared dimensions in shape "
                    + Arrays.toString(sizes));
        }
        Tensor whole = Operands.as(index, ScalarType.Long);
        Tensor number = sharedRows(in, whole, sizes, batch);
        for (int i = 0; i < coordinates; i++) {
            long size = sizes[batch + i];
            Tensor coordinate = inRange(in, whole.select(-1, i), size);
            number = torch.add(torch.mul(number, new Scalar(size)), coordinate);
        }
        return new Rows(number, Arrays.copyOfRange(sizes, batch + coordinates, sizes.length));
    }

    /** The number of each index's place within the shared dimensions. */
    private static Tensor sharedRows(Call in, Tensor index, long[] sizes, int batch) {
        long places = Operands.count(in, Arrays.copyOf(sizes, batch));
        long[] shape = index.shape();
        long[] spread = new long[shape.length - 1];
        Arrays.fill(spread, 1);
        System.arraycopy(shape, 0, spread, 0, batch);
        return Operands.counting(places, index).reshape(spread).expand(Arrays.copyOf(shape, shape.length - 1));
    }

    private static Tensor inRange(Call in, Tensor coordinate, long size) {
        Tensor low = torch.lt(coordinate, new Scalar(-size));
        if (torch.any(torch.logical_or(low, torch.ge(coordinate, new Scalar(size))))
                .item_bool()) {
            throw in.refuse("has an index outside a dimension of size " + size);
        }
        return torch.where(torch.lt(coordinate, new Scalar(0)), torch.add(coordinate, new Scalar(size)), coordinate);
    }

    /** The number of the row that each index selects. */
    Tensor number() {
        return number;
    }

    /** An array as the table. */
    Tensor of(Tensor data) {
        long width = Arrays.stream(rest).reduce(1, (a, b) -> a * b);
        return data.reshape(width == 0 ? 0 : data.numel() / width, width);
    }

    /** The shape of the selected rows under leading dimensions. */
    long[] shape(long... lead) {
        long[] shape = Arrays.copyOf(lead, lead.length + rest.length);
        System.arraycopy(rest, 0, shape, lead.length, rest.length);
        return shape;
    }
}
