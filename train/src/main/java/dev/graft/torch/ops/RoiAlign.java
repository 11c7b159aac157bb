package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Regions of an image, each read at evenly spread places and pooled to one size.
 *
 * <p>Interpolation is linear along each axis by itself, so a mean over a region is a product with one matrix an axis. The
 * gradient flows to the image, not to where the regions lie.
 *
 * <p>Source: He et al., "Mask R-CNN", 2017.
 */
final class RoiAlign {
    private RoiAlign() {}

    /**
     * The regions [regions, channels, height, width].
     *
     * @param halfPixel whether coordinates are those of the elements' corners rather than their centres
     */
    static Tensor of(Call in, boolean halfPixel) {
        Tensor x = in.tensor(0);
        Tensor regions = in.tensor(1);
        long[] images = in.longs(2);
        long count = images.length;
        long height = Sizes.atLeast(in, "output_height", 1, in.whole("output_height", 1))[0];
        long width = Sizes.atLeast(in, "output_width", 1, in.whole("output_width", 1))[0];
        if (x.dim() != 4 || regions.dim() != 2 || regions.size(0) != count || regions.size(1) != 4) {
            throw in.refuse("reads regions of shape " + Arrays.toString(regions.shape()) + " from images of shape "
                    + Arrays.toString(x.shape()) + " by " + count + " numbers of images");
        }
        Operands.requireRoom(in, x.element_size(), count, x.size(1), height, width);
        double[] corners = in.reals(1);
        var pooled = new TensorVector();
        for (int i = 0; i < count; i++) {
            Tensor image = image(in, x, images[i]);
            var rows = RoiAxis.of(in, corners[4 * i + 1], corners[4 * i + 3], x.size(2), height, halfPixel);
            var columns = RoiAxis.of(in, corners[4 * i], corners[4 * i + 2], x.size(3), width, halfPixel);
            pooled.push_back(pooled(in, image, rows, columns));
        }
        return count == 0 ? torch.zeros(new long[] {0, x.size(1), height, width}, x.options()) : torch.stack(pooled);
    }

    /** One of several images, which must be there. */
    static Tensor image(Call in, Tensor x, long index) {
        if (index < 0 || index >= x.size(0)) {
            throw in.refuse("reads image " + index + " of " + x.size(0));
        }
        return x.select(0, index);
    }

    private static Tensor pooled(Call in, Tensor image, RoiAxis rows, RoiAxis columns) {
        String mode = in.text("mode", "avg");
        return switch (mode) {
            case "avg" ->
                torch.matmul(
                        matrix(rows, image),
                        torch.matmul(image, matrix(columns, image).t()));
            case "max" -> greatest(image, rows, columns);
            default -> throw in.refuse("has the unknown mode '" + mode + "'");
        };
    }

    private static Tensor matrix(RoiAxis axis, Tensor image) {
        return onDevice(Array.of(axis.means(), axis.bins(), axis.size()), image);
    }

    private static Tensor onDevice(Array array, Tensor image) {
        return Tensors.of(array).to(image.device(), image.scalar_type());
    }

    /** The greatest of the weighted corners of all places, as ONNX has it; not of their sums. */
    private static Tensor greatest(Tensor image, RoiAxis rows, RoiAxis columns) {
        if (rows.samples() == 0 || columns.samples() == 0) {
            return torch.zeros(new long[] {image.size(0), rows.bins(), columns.bins()}, image.options());
        }
        Tensor greatest = weighted(image, rows, columns, 0);
        for (int corner = 1; corner < 4; corner++) {
            greatest = torch.maximum(greatest, weighted(image, rows, columns, corner));
        }
        long[] apart = {image.size(0), rows.bins(), rows.samples(), columns.bins(), columns.samples()};
        return torch.amax(greatest.reshape(apart), new long[] {2, 4}, false);
    }

    private static Tensor weighted(Tensor image, RoiAxis rows, RoiAxis columns, int corner) {
        Tensor elements = image.index_select(1, indices(image, rows.elements(corner / 2)))
                .index_select(2, indices(image, columns.elements(corner % 2)));
        return torch.mul(elements, weights(image, rows, columns, corner));
    }

    private static Tensor indices(Tensor image, long[] elements) {
        return Operands.vector(elements).to(image.device(), ScalarType.Long);
    }

    private static Tensor weights(Tensor image, RoiAxis rows, RoiAxis columns, int corner) {
        double[] down = rows.weights(corner / 2);
        double[] across = columns.weights(corner % 2);
        return torch.mul(
                onDevice(Array.of(down, down.length, 1), image), onDevice(Array.of(across, 1, across.length), image));
    }
}
