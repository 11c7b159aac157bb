package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A convolution whose kernel's elements lie wherever an operand moves them, and count as much as another says.
 *
 * <p>Source: Dai et al., "Deformable Convolutional Networks", 2017; Zhu et al., "Deformable ConvNets v2", 2018.
 */
final class DeformableConvolution {
    private final Call in;
    private final Window window;
    private final long elements;
    private final long places;
    private final long groups;
    private final long offsetGroups;

    private DeformableConvolution(Call in, Window window) {
        this.in = in;
        this.window = window;
        this.elements = Operands.count(in, window.kernel());
        this.places = Operands.count(in, window.output());
        this.groups = groups("group");
        this.offsetGroups = groups("offset_group");
    }

    /** The operands are the image, the kernels, the offsets, and perhaps a bias and a mask. */
    static Tensor of(Call in) {
        Tensor x = in.tensor(0);
        Tensor kernels = in.tensor(1);
        if (x.dim() < 4 || x.dim() > 5 || kernels.dim() != x.dim() || x.numel() == 0) {
            throw in.refuse("convolves an array of shape " + Arrays.toString(x.shape()) + " with kernels of shape "
                    + Arrays.toString(kernels.shape()));
        }
        Window window = Window.of(in, x, Arrays.copyOfRange(kernels.shape(), 2, (int) x.dim()));
        return new DeformableConvolution(in, window).convolved(x, kernels);
    }

    private long groups(String attribute) {
        long count = in.whole(attribute, 1);
        if (count < 1 || in.tensor(0).size(1) % count != 0) {
            throw in.refuse("divides " + in.tensor(0).size(1) + " channels by '" + attribute + "' " + count);
        }
        return count;
    }

    private Tensor convolved(Tensor x, Tensor kernels) {
        window.requireRoom(in, x, Operands.count(in, Math.max(x.size(1), kernels.size(0)), elements));
        long channels = x.size(1);
        long outputs = kernels.size(0);
        if (kernels.size(1) * groups != channels || outputs % groups != 0) {
            throw in.refuse("has kernels of shape " + Arrays.toString(kernels.shape()) + " for " + channels
                    + " channels in " + groups + " groups");
        }
        Tensor columns = columns(x).reshape(x.size(0), groups, channels / groups * elements, places);
        Tensor rows = kernels.reshape(groups, outputs / groups, channels / groups * elements);
        Tensor result = torch.matmul(rows, columns).reshape(shape(x.size(0), outputs, window.output()));
        return in.has(3) ? torch.add(result, in.tensor(3).reshape(Convolution.channelsOf(result))) : result;
    }

    /** What each element of the kernel sees at each place: [batch, channels, elements, places]. */
    private Tensor columns(Tensor x) {
        long arms = x.size(0) * offsetGroups;
        Tensor image = x.reshape(shape(arms, x.size(1) / offsetGroups, window.input()));
        Tensor columns =
                Between.linear(image, coordinates(x, arms)).reshape(arms, x.size(1) / offsetGroups, elements, places);
        return in.has(4) ? torch.mul(columns, operand(4, arms, 1).reshape(arms, 1, elements, places)) : columns;
    }

    /** Where each element of the kernel lies at each place, axis by axis. */
    private List<Tensor> coordinates(Tensor x, long arms) {
        Tensor offsets = operand(2, arms, window.axes());
        var coordinates = new ArrayList<Tensor>();
        for (int i = 0; i < window.axes(); i++) {
            coordinates.add(torch.add(offsets.select(2, i), position(x, i)).reshape(arms, elements * places));
        }
        return coordinates;
    }

    /** An operand of so many numbers for each element of the kernel and each place. */
    private Tensor operand(int index, long arms, long each) {
        Tensor operand = in.tensor(index);
        long[] expected = shape(in.tensor(0).size(0), offsetGroups * elements * each, window.output());
        if (!Arrays.equals(operand.shape(), expected)) {
            throw in.refuse("needs operand " + index + " of shape " + Arrays.toString(expected) + ", not "
                    + Arrays.toString(operand.shape()));
        }
        long[] apart = new long[window.axes() + 3];
        apart[0] = arms;
        apart[1] = elements;
        apart[2] = each;
        System.arraycopy(window.output(), 0, apart, 3, window.axes());
        return operand.reshape(apart);
    }

    /** Where each element of the kernel would lie on an axis if nothing moved it: [elements, places…]. */
    private Tensor position(Tensor x, int axis) {
        long[] kernel = window.kernel();
        long repeats = Arrays.stream(kernel, axis + 1, kernel.length).reduce(1, (a, b) -> a * b);
        Tensor element = torch.remainder(
                torch.floor_divide(Operands.counting(elements, x), new Scalar(repeats)), new Scalar(kernel[axis]));
        long[] alongElements = Sizes.filled(window.axes() + 1, 1);
        long[] alongPlaces = alongElements.clone();
        alongElements[0] = elements;
        alongPlaces[1 + axis] = window.output()[axis];
        Tensor start = torch.mul(Operands.counting(window.output()[axis], x), new Scalar(window.strides()[axis]));
        Tensor within = torch.mul(element, new Scalar(window.dilations()[axis])).reshape(alongElements);
        Tensor place = torch.add(within, start.reshape(alongPlaces));
        return torch.sub(place, new Scalar(window.before()[axis])).to(Operands.type(x));
    }

    private static long[] shape(long first, long second, long... rest) {
        long[] shape = new long[rest.length + 2];
        shape[0] = first;
        shape[1] = second;
        System.arraycopy(rest, 0, shape, 2, rest.length);
        return shape;
    }
}
