package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.real;
import static dev.graft.torch.GradientCase.whole;

import dev.graft.tensor.Array;
import java.util.List;

/** Nodes that normalise, rearrange and sample images, whose gradients are compared with differences. */
final class SamplingGradientCases {
    private SamplingGradientCases() {}

    static void addTo(List<GradientCase> cases) {
        norms(cases);
        shapes(cases);
        samples(cases);
        regions(cases);
        deformable(cases);
    }

    private static void norms(List<GradientCase> cases) {
        for (int channelsLast : List.of(0, 1)) {
            cases.add(of("GroupNorm", 21, real(2, 4, 3, 4), real(4), real(4))
                    .in("com.microsoft")
                    .with("groups", 2)
                    .with("channels_last", channelsLast)
                    .with("activation", 1));
        }
        cases.add(of("GroupNormalization", 18, real(2, 4, 3), real(2), real(2)).with("num_groups", 2));
        cases.add(
                of("GroupNormalization", 21, real(1, 6, 2, 2), real(6), real(6)).with("num_groups", 3));
        cases.add(of("InstanceNormalization", 6, real(2, 3, 4), real(3), real(3)));
        cases.add(of("InstanceNormalization", 22, real(1, 2, 2, 3), real(2), real(2))
                .with("epsilon", 0.1f));
        cases.add(of("LRN", 13, real(2, 5, 2, 2)).with("size", 3).with("alpha", 0.5f));
        cases.add(of("LRN", 1, real(1, 4, 3)).with("size", 2).with("beta", 0.5f).with("bias", 2f));
        cases.add(of("MeanVarianceNormalization", 13, real(2, 3, 2, 2)));
        cases.add(of("MeanVarianceNormalization", 9, real(2, 3, 4)).with("axes", List.of(1L, -1L)));
    }

    private static void shapes(List<GradientCase> cases) {
        cases.add(of("DepthToSpace", 13, real(1, 8, 2, 1)).with("blocksize", 2));
        cases.add(of("DepthToSpace", 13, real(1, 4, 1, 2)).with("blocksize", 2).with("mode", "CRD"));
        cases.add(of("SpaceToDepth", 13, real(1, 2, 2, 4)).with("blocksize", 2));
        cases.add(of("CenterCropPad", 18, real(3, 4), whole(4, 1)));
        cases.add(of("CenterCropPad", 18, real(2, 5, 2), whole(2)).with("axes", List.of(-2L)));
        cases.add(of("Col2Im", 18, real(1, 4, 6), whole(3, 4), whole(2, 2)));
        cases.add(of("Col2Im", 18, real(2, 4, 4), whole(5), whole(2))
                .with("dilations", List.of(2L))
                .with("strides", List.of(1L))
                .with("pads", List.of(1L, 0L)));
    }

    private static void samples(List<GradientCase> cases) {
        for (String padding : List.of("zeros", "border", "reflection")) {
            cases.add(of("GridSample", 20, real(1, 2, 3, 4), real(1, 2, 2, 2)).with("padding_mode", padding));
            cases.add(of("GridSample", 16, real(1, 1, 4, 4), real(1, 2, 2, 2))
                    .with("padding_mode", padding)
                    .with("mode", "bicubic")
                    .with("align_corners", 1));
        }
        cases.add(of("GridSample", 20, real(1, 1, 3, 3), real(1, 2, 2, 2)).with("mode", "nearest"));
        cases.add(of("GridSample", 20, real(1, 2, 2, 3, 2), real(1, 2, 1, 2, 3)));
        cases.add(of("GridSample", 20, real(2, 1, 4), real(2, 3, 1)));
        cases.add(of("AffineGrid", 20, real(2, 2, 3), whole(2, 1, 3, 2)));
        cases.add(of("AffineGrid", 20, real(1, 3, 4), whole(1, 1, 2, 3, 2)).with("align_corners", 1));
    }

    private static void regions(List<GradientCase> cases) {
        Array regions = Array.of(new float[] {0.3f, 0.4f, 3.1f, 2.7f, 1.2f, -0.5f, 9.3f, 4.1f}, 2, 4);
        for (String mode : List.of("avg", "max")) {
            cases.add(of("RoiAlign", 16, real(2, 2, 4, 5), regions, whole(1, 0))
                    .with("mode", mode)
                    .with("output_height", 2)
                    .with("output_width", 3));
        }
        cases.add(of("RoiAlign", 10, real(2, 1, 4, 5), regions, whole(0, 0))
                .with("sampling_ratio", 2)
                .with("spatial_scale", 0.5f));
        Array whole = Array.of(new float[] {0, 0, 1, 3, 2, 1, 2, 2, 9, 9}, 2, 5);
        cases.add(of("MaxRoiPool", 1, real(2, 2, 4, 5), whole).with("pooled_shape", List.of(2L, 2L)));
    }

    private static void deformable(List<GradientCase> cases) {
        cases.add(of("DeformConv", 19, real(1, 2, 4, 4), real(3, 2, 2, 2), real(1, 8, 3, 3), real(3)));
        cases.add(of("DeformConv", 22, real(2, 4, 4, 3), real(2, 2, 3, 2), real(2, 24, 2, 2), none(), real(2, 12, 2, 2))
                .with("group", 2)
                .with("offset_group", 2)
                .with("strides", List.of(2L, 1L))
                .with("pads", List.of(1L, 0L, 0L, 0L)));
        cases.add(of("DeformConv", 19, real(1, 1, 2, 3, 3), real(1, 1, 1, 2, 2), real(1, 12, 2, 2, 2)));
    }
}
