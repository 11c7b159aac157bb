package dev.graft.torch.ops;

import dev.graft.torch.Call;

/**
 * One axis that is made longer or shorter.
 *
 * <p>Coordinates are float32 as in ONNX Runtime, so that both round to the same element where it is close.
 *
 * @param axis which one
 * @param input its size before
 * @param output its size after
 * @param scale how much longer it becomes; need not be exactly output / input
 * @param from where the region of interest begins, as a share of the axis
 * @param to where it ends
 */
record ResizedAxis(int axis, long input, long output, float scale, float from, float to) {
    /** How far a scale in float32 may be off. */
    private static final float ROUNDING = 1e-6f;

    /** Whether nothing changes; a region of interest may move elements where the size stays. */
    boolean isSame() {
        return input == output && scale == 1 && from == 0 && to == 1;
    }

    /** Where an element of the result lies on the axis before; the modes are those of {@code Resize}. */
    float coordinate(Call in, String mode, long index) {
        float centre = (index + 0.5f) / scale;
        return switch (mode) {
            case "half_pixel" -> centre - 0.5f;
            case "half_pixel_symmetric" -> margin() + centre - 0.5f;
            case "pytorch_half_pixel" -> output > 1 ? centre - 0.5f : 0;
            case "tf_half_pixel_for_nn" -> centre;
            case "asymmetric" -> index / scale;
            case "align_corners" -> aligned(index);
            case "tf_crop_and_resize" -> cropped(index);
            default -> throw in.refuse("has the unknown coordinate_transformation_mode '" + mode + "'");
        };
    }

    /** ONNX's own tests take the scaled size before it is cut to a whole number; ONNX Runtime takes it after. */
    private float aligned(long index) {
        float scaled = scale * input;
        float size = Math.abs(scaled - output) < ROUNDING * output ? output : scaled;
        return size == 1 ? 0 : index * (input - 1) / (size - 1);
    }

    /** What either end loses where the size was cut to a whole number. */
    private float margin() {
        return input / 2f * (1 - output / (scale * input));
    }

    private float cropped(long index) {
        return output > 1
                ? from * (input - 1) + index * (to - from) * (input - 1) / (output - 1)
                : 0.5f * (from + to) * (input - 1);
    }

    /** Whether a coordinate lies on the axis. */
    boolean holds(float coordinate) {
        return coordinate >= 0 && coordinate <= input - 1;
    }

    /** The element that is nearest to a coordinate, as a mode of {@code Resize} has it. */
    long nearest(Call in, String mode, float coordinate) {
        double element = switch (mode) {
            case "round_prefer_floor" -> Math.ceil(coordinate - 0.5f);
            case "round_prefer_ceil" -> Math.floor(coordinate + 0.5f);
            case "floor" -> Math.floor(coordinate);
            case "ceil" -> Math.ceil(coordinate);
            default -> throw in.refuse("has the unknown nearest_mode '" + mode + "'");
        };
        return clamped((long) element);
    }

    /** The index itself, or that of the end that it lies beyond. */
    long clamped(long index) {
        return Math.max(0, Math.min(input - 1, index));
    }
}
