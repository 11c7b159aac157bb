package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arrays made larger or smaller by interpolation between their elements. */
final class ResizeOps {
    private ResizeOps() {}

    static void register(OpTable ops) {
        ops.op("Upsample", 7, in -> resizeAsAtFirst(in, in.reals("scales")));
        ops.op("Upsample", 9, in -> resizeAsAtFirst(in, in.reals(1)));
        ops.op("Resize", 10, in -> resizeAsAtFirst(in, in.reals(1)));
        ops.op("Resize", 11, ResizeOps::resize);
    }

    /** Before opset 11 coordinates are divided by the scale, and the nearest element lies inwards. */
    private static Tensor resizeAsAtFirst(Call in, double[] scales) {
        List<ResizedAxis> axes = scaled(in, Operands.allAxes(in.tensor(0).dim()), scales, new double[0]);
        return resized(in, axes, "asymmetric", axis -> axis.scale() < 1 ? "ceil" : "floor");
    }

    private interface NearestMode {
        String of(ResizedAxis axis);
    }

    private static Tensor resize(Call in) {
        long rank = in.tensor(0).dim();
        long[] given = in.longs("axes");
        long[] axes = given.length == 0 ? Operands.allAxes(rank) : Operands.axes(in, given, rank);
        String mode = in.text("coordinate_transformation_mode", "half_pixel");
        double[] region = mode.equals("tf_crop_and_resize") ? in.reals(1) : new double[0];
        if (region.length > 0 && region.length != 2 * axes.length) {
            throw in.refuse("needs " + 2 * axes.length + " numbers for its region of interest, not " + region.length);
        }
        boolean bySizes = in.has(3) && in.tensor(3).numel() > 0;
        List<ResizedAxis> resized =
                bySizes ? sized(in, axes, in.longs(3), region) : scaled(in, axes, in.reals(2), region);
        String nearest = in.text("nearest_mode", "round_prefer_floor");
        return resized(in, resized, mode, axis -> nearest);
    }

    private static List<ResizedAxis> scaled(Call in, long[] axes, double[] scales, double[] region) {
        requireOneEach(in, "scales", axes, scales.length);
        var resized = new ArrayList<ResizedAxis>();
        for (int i = 0; i < axes.length; i++) {
            float scale = (float) scales[i];
            if (!(scale > 0) || Float.isInfinite(scale)) {
                throw in.refuse("has the scale " + scale + "; a scale is more than 0");
            }
            long input = in.tensor(0).size(axes[i]);
            float from = region.length == 0 ? 0 : (float) region[i];
            float to = region.length == 0 ? 1 : (float) region[axes.length + i];
            long output = (long) Math.floor(input * (to - from) * scale);
            resized.add(new ResizedAxis((int) axes[i], input, output, scale, from, to));
        }
        return resized;
    }

    private static List<ResizedAxis> sized(Call in, long[] axes, long[] sizes, double[] region) {
        requireOneEach(in, "sizes", axes, sizes.length);
        String policy = in.text("keep_aspect_ratio_policy", "stretch");
        float common = common(in, policy, axes, sizes);
        var resized = new ArrayList<ResizedAxis>();
        for (int i = 0; i < axes.length; i++) {
            long input = in.tensor(0).size(axes[i]);
            boolean own = policy.equals("stretch");
            float scale = own ? (float) sizes[i] / input : common;
            long output = own ? sizes[i] : Math.round((double) common * input);
            float from = region.length == 0 ? 0 : (float) region[i];
            float to = region.length == 0 ? 1 : (float) region[axes.length + i];
            resized.add(new ResizedAxis((int) axes[i], input, output, scale, from, to));
        }
        return resized;
    }

    /** The scale of all axes that keeps their ratio. */
    private static float common(Call in, String policy, long[] axes, long[] sizes) {
        boolean smaller = policy.equals("not_larger");
        if (!smaller && !policy.equals("not_smaller") && !policy.equals("stretch")) {
            throw in.refuse("has the unknown keep_aspect_ratio_policy '" + policy + "'");
        }
        float common = smaller ? Float.POSITIVE_INFINITY : 0;
        for (int i = 0; i < axes.length; i++) {
            float scale = (float) sizes[i] / in.tensor(0).size(axes[i]);
            common = smaller ? Math.min(common, scale) : Math.max(common, scale);
        }
        return common;
    }

    private static void requireOneEach(Call in, String what, long[] axes, int count) {
        if (count != axes.length) {
            throw in.refuse("needs " + axes.length + " " + what + ", not " + count);
        }
    }

    private static Tensor resized(Call in, List<ResizedAxis> axes, String mode, NearestMode nearest) {
        Tensor x = in.tensor(0);
        long[] shape = x.shape();
        axes.forEach(axis -> shape[axis.axis()] = axis.output());
        Operands.requireRoom(in, x.element_size(), shape);
        if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
            return torch.zeros_like(x).sum().to(Operands.type(x)).expand(shape);
        }
        if (x.numel() == 0) {
            throw in.refuse("has no elements to make shape " + Arrays.toString(shape) + " of");
        }
        ScalarType type = Operands.type(x);
        boolean taken = in.text("mode", "nearest").equals("nearest");
        ScalarType computed = taken || type == ScalarType.Double ? type : ScalarType.Float;
        Tensor result = Operands.as(x, computed);
        for (ResizedAxis axis : axes) {
            result = axis.isSame() ? result : along(in, result, axis, mode, nearest.of(axis));
        }
        return Operands.as(result, type);
    }

    private static Tensor along(Call in, Tensor x, ResizedAxis axis, String mode, String nearest) {
        float[] coordinates = new float[Math.toIntExact(axis.output())];
        for (int i = 0; i < coordinates.length; i++) {
            coordinates[i] = axis.coordinate(in, mode, i);
        }
        Tensor result = interpolated(in, x, axis, coordinates, nearest);
        if (!mode.equals("tf_crop_and_resize")) {
            return result;
        }
        boolean[] outside = new boolean[coordinates.length];
        for (int i = 0; i < outside.length; i++) {
            outside[i] = !axis.holds(coordinates[i]);
        }
        return extrapolated(in, result, axis.axis(), outside);
    }

    private static Tensor extrapolated(Call in, Tensor x, int axis, boolean[] outside) {
        long[] spread = Sizes.filled((int) x.dim(), 1);
        spread[axis] = outside.length;
        Tensor mask = Tensors.of(Array.of(outside, spread)).to(x.device(), ScalarType.Bool);
        return x.masked_fill(mask, new Scalar(in.real("extrapolation_value", 0)));
    }

    private static Tensor interpolated(Call in, Tensor x, ResizedAxis axis, float[] coordinates, String nearest) {
        String mode = in.text("mode", "nearest");
        boolean excludes = in.flag("exclude_outside", false);
        double spread = in.flag("antialias", false) ? Math.max(1, 1 / axis.scale()) : 1;
        return switch (mode) {
            case "nearest" -> taken(in, x, axis, coordinates, nearest);
            case "linear", "bilinear" ->
                Taps.of(in, axis, coordinates, Taps::linear, 1, spread, excludes)
                        .of(x);
            case "cubic" -> {
                double a = in.real("cubic_coeff_a", -0.75);
                yield Taps.of(in, axis, coordinates, distance -> Taps.cubic(a, distance), 2, spread, excludes)
                        .of(x);
            }
            default -> throw in.refuse("has the unknown mode '" + mode + "'");
        };
    }

    private static Tensor taken(Call in, Tensor x, ResizedAxis axis, float[] coordinates, String nearest) {
        long[] elements = new long[coordinates.length];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = axis.nearest(in, nearest, coordinates[i]);
        }
        return x.index_select(axis.axis(), Operands.vector(elements).to(x.device(), ScalarType.Long));
    }
}
