package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.positive;
import static dev.graft.torch.GradientCase.real;
import static dev.graft.torch.GradientCase.whole;

import dev.graft.tensor.Array;
import java.util.List;

/** The nodes of image networks whose gradients are compared with differences. */
final class VisionGradientCases {
    private VisionGradientCases() {}

    static void addTo(List<GradientCase> cases) {
        convolutions(cases);
        transposedConvolutions(cases);
        maxPools(cases);
        averagePools(cases);
        otherPools(cases);
        batchNorms(cases);
        resizes(cases);
        SamplingGradientCases.addTo(cases);
    }

    private static Array floats(float... values) {
        return Array.of(values, values.length);
    }

    private static void convolutions(List<GradientCase> cases) {
        cases.add(of("Conv", 11, real(2, 2, 5), real(3, 2, 3), real(3)));
        cases.add(of("Conv", 11, real(1, 2, 5, 4), real(3, 2, 3, 2)).with("pads", List.of(1L, 0L, 2L, 1L)));
        cases.add(of("Conv", 11, real(2, 4, 4, 4), real(4, 2, 3, 3), real(4))
                .with("group", 2)
                .with("strides", List.of(2L, 1L))
                .with("auto_pad", "SAME_LOWER"));
        cases.add(of("Conv", 22, real(1, 2, 5, 5), real(2, 1, 2, 2))
                .with("group", 2)
                .with("dilations", List.of(2L, 3L)));
        cases.add(of("Conv", 11, real(1, 1, 3, 3, 3), real(2, 1, 2, 2, 2), real(2))
                .with("pads", List.of(1L, 1L, 1L, 1L, 1L, 1L)));
    }

    private static void transposedConvolutions(List<GradientCase> cases) {
        cases.add(of("ConvTranspose", 11, real(2, 2, 3), real(2, 3, 3), real(3)).with("strides", List.of(2L)));
        cases.add(of("ConvTranspose", 11, real(1, 2, 3, 3), real(2, 2, 3, 3), real(2))
                .with("strides", List.of(2L, 3L))
                .with("output_shape", List.of(6L, 9L)));
        cases.add(of("ConvTranspose", 22, real(1, 4, 3, 2), real(4, 1, 2, 2))
                .with("group", 2)
                .with("dilations", List.of(2L, 1L))
                .with("pads", List.of(1L, 0L, 0L, 1L)));
        cases.add(of("ConvTranspose", 11, real(1, 1, 2, 2, 2), real(1, 2, 2, 2, 2), real(2))
                .with("strides", List.of(2L, 2L, 2L))
                .with("output_padding", List.of(1L, 1L, 1L)));
    }

    private static void maxPools(List<GradientCase> cases) {
        cases.add(of("MaxPool", 12, real(1, 2, 6)).with("kernel_shape", List.of(3L)));
        cases.add(of("MaxPool", 12, real(2, 2, 5, 5))
                .with("kernel_shape", List.of(3L, 2L))
                .with("strides", List.of(2L, 2L))
                .with("ceil_mode", 1)
                .among(0, 1));
        cases.add(of("MaxPool", 12, real(1, 1, 5, 5))
                .with("kernel_shape", List.of(2L, 2L))
                .with("dilations", List.of(2L, 1L))
                .with("pads", List.of(1L, 0L, 0L, 1L)));
        cases.add(of("MaxPool", 12, real(1, 1, 3, 3, 3)).with("kernel_shape", List.of(2L, 2L, 2L)));
        cases.add(of("GlobalMaxPool", 1, real(2, 3, 4, 2)));
        cases.add(of("MaxUnpool", 11, real(1, 1, 2, 2), Array.of(new long[] {5, 7, 13, 15}, 1, 1, 2, 2))
                .with("kernel_shape", List.of(2L, 2L))
                .with("strides", List.of(2L, 2L)));
    }

    private static void averagePools(List<GradientCase> cases) {
        cases.add(of("AveragePool", 11, real(1, 2, 6)).with("kernel_shape", List.of(3L)));
        cases.add(of("AveragePool", 11, real(1, 2, 5, 5))
                .with("kernel_shape", List.of(3L, 3L))
                .with("strides", List.of(2L, 2L))
                .with("pads", List.of(1L, 1L, 1L, 1L))
                .with("ceil_mode", 1));
        cases.add(of("AveragePool", 11, real(1, 1, 5, 4))
                .with("kernel_shape", List.of(3L, 2L))
                .with("auto_pad", "SAME_UPPER"));
        cases.add(of("AveragePool", 19, real(1, 1, 6, 6))
                .with("kernel_shape", List.of(2L, 3L))
                .with("dilations", List.of(3L, 2L))
                .with("count_include_pad", 1)
                .with("pads", List.of(1L, 0L, 1L, 1L)));
        cases.add(of("AveragePool", 11, real(1, 1, 3, 3, 3)).with("kernel_shape", List.of(2L, 2L, 2L)));
        cases.add(of("GlobalAveragePool", 1, real(2, 3, 4, 2)));
    }

    private static void otherPools(List<GradientCase> cases) {
        cases.add(of("LpPool", 18, real(1, 2, 6)).with("kernel_shape", List.of(3L)));
        cases.add(of("LpPool", 18, real(1, 2, 5, 5))
                .with("kernel_shape", List.of(3L, 2L))
                .with("p", 3)
                .with("dilations", List.of(1L, 2L))
                .with("pads", List.of(1L, 1L, 0L, 1L)));
        cases.add(of("GlobalLpPool", 2, real(2, 3, 4)).with("p", 1));
        cases.add(of("GlobalLpPool", 2, real(2, 2, 2, 3)));
    }

    private static void batchNorms(List<GradientCase> cases) {
        Array mean = floats(0.1f, -0.2f);
        Array variance = floats(0.5f, 1.5f);
        cases.add(of("BatchNormalization", 15, real(3, 2, 4), real(2), real(2), mean, variance));
        cases.add(of("BatchNormalization", 9, real(3, 2), real(2), real(2), mean, variance));
        cases.add(of("BatchNormalization", 15, real(3, 2, 2, 2), real(2), real(2), mean, variance)
                .with("training_mode", 1)
                .among(0, 2));
        cases.add(of("BatchNormalization", 15, real(4), real(1), real(1), floats(0.1f), floats(2f)));
        Array each = Array.of(new float[] {1, 2, 1.5f, 0.5f}, 2, 2);
        cases.add(of("BatchNormalization", 7, real(3, 2, 2), real(2, 2), real(2, 2), each, each)
                .with("spatial", 0));
    }

    private static void resizes(List<GradientCase> cases) {
        for (String mode : List.of("nearest", "linear", "cubic")) {
            cases.add(of("Resize", 19, real(1, 2, 3, 4), none(), floats(1, 1, 2, 1.5f))
                    .with("mode", mode));
            cases.add(of("Resize", 19, real(5, 4), none(), none(), whole(3, 7))
                    .with("mode", mode)
                    .with("coordinate_transformation_mode", "align_corners"));
            cases.add(of("Upsample", 9, real(1, 1, 2, 3), floats(1, 1, 2, 2))
                    .with("mode", mode.equals("cubic") ? "linear" : mode));
        }
        cases.add(of("Resize", 18, real(1, 1, 6, 6), none(), floats(0.5f, 0.6f))
                .with("mode", "cubic")
                .with("axes", List.of(-2L, 3L))
                .with("antialias", 1));
        cases.add(of("Resize", 13, real(4, 4), floats(0.2f, 0.3f, 0.8f, 1.2f), none(), whole(3, 3))
                .with("mode", "linear")
                .with("coordinate_transformation_mode", "tf_crop_and_resize"));
        cases.add(of("Resize", 11, positive(4, 4), none(), floats(0.8f, 0.8f))
                .with("mode", "cubic")
                .with("exclude_outside", 1));
    }
}
