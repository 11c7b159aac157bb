package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which elements of an axis each element of the result is a weighted sum of.
 *
 * @param elements for each tap and each element of the result the index before
 * @param weights for each tap and each element of the result its weight
 */
record Taps(int axis, long[][] elements, double[][] weights) {

    /**
     * The taps of a kernel of interpolation around each coordinate.
     *
     * @param kernel weight by distance
     * @param radius how far the kernel reaches
     * @param spread 1, or how much wider the kernel is made so that nothing is skipped
     * @param excludesOutside whether elements beyond the ends count for nothing, rather than as the ends
     */
    static Taps of(
            Call in,
            ResizedAxis axis,
            float[] coordinates,
            DoubleUnaryOperator kernel,
            double radius,
            double spread,
            boolean excludesOutside) {
        double reach = radius * spread;
        if (!(reach <= 2.0 * axis.input() + radius)) {
            throw in.refuse("reads " + 2 * reach + " elements of an axis of size " + axis.input());
        }
        int count = 2 * (int) Math.ceil(reach);
        var taps = new Taps(axis.axis(), new long[count][coordinates.length], new double[count][coordinates.length]);
        for (int i = 0; i < coordinates.length; i++) {
            taps.place(axis, i, coordinates[i], offset -> kernel.applyAsDouble(offset / spread), excludesOutside);
        }
        return taps;
    }

    private void place(
            ResizedAxis along, int result, float coordinate, DoubleUnaryOperator kernel, boolean excludesOutside) {
        long first = (long) Math.floor(coordinate) - elements.length / 2 + 1;
        double sum = 0;
        for (int tap = 0; tap < elements.length; tap++) {
            long element = first + tap;
            long inside = along.clamped(element);
            boolean counts = !excludesOutside || inside == element;
            elements[tap][result] = inside;
            weights[tap][result] = counts ? kernel.applyAsDouble(Math.abs(coordinate - element)) : 0;
            sum += weights[tap][result];
        }
        for (double[] weight : weights) {
            weight[result] /= sum;
        }
    }

    /** The weighted sums along the axis. */
    Tensor of(Tensor x) {
        Tensor sum = share(x, 0);
        for (int tap = 1; tap < elements.length; tap++) {
            sum = torch.add(sum, share(x, tap));
        }
        return sum;
    }

    private Tensor share(Tensor x, int tap) {
        long[] spread = Sizes.filled((int) x.dim(), 1);
        spread[axis] = weights[tap].length;
        Tensor weight = Tensors.of(Array.of(weights[tap], spread)).to(x.device(), x.scalar_type());
        Tensor element = x.index_select(axis, Operands.vector(elements[tap]).to(x.device(), ScalarType.Long));
        return torch.mul(element, weight);
    }

    /** Weight by distance of a straight line between neighbours. */
    static double linear(double distance) {
        return Math.max(0, 1 - distance);
    }

    /** Weight by distance of a cubic through four neighbours: Keys, 1981, with its free coefficient a. */
    static double cubic(double a, double distance) {
        if (distance < 1) {
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        }
        return distance < 2 ? ((distance - 5) * distance + 8) * distance * a - 4 * a : 0;
    }
}
