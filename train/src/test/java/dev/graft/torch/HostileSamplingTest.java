package dev.graft.torch;

import static dev.graft.torch.Hostile.floats;
import static dev.graft.torch.Hostile.longs;
import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Grids, regions, offsets and blocks that cannot be end in one error that names the node. */
class HostileSamplingTest {
    private static final long HUGE = 1L << 44;
    private static final float[] EXTREMES = {0, -1, 1, 0.5f, 7, 1e30f, -1e30f, Float.NaN, Float.POSITIVE_INFINITY};

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Attribute text(String value) {
        return new Attribute.Text(value);
    }

    static Stream<Hostile> images() {
        Array x = floats(1, 4, 3, 3);
        Array ends = Array.of(new float[] {0, 0, 1e30f, 1}, 1, 4);
        Node align = node("RoiAlign", 3);
        Node pool = node("MaxRoiPool", 2).with("pooled_shape", new Attribute.Wholes(List.of(1L, 1L)));
        return Stream.of(
                Hostile.of(node("GridSample", 2), "at places of shape", x, floats(1, 2, 2, 3)),
                Hostile.of(node("GridSample", 2), "at places of shape", x, floats(2, 2, 2, 2)),
                Hostile.of(node("GridSample", 2), "failed", floats(1, 4, 0, 3), floats(1, 2, 2, 2)),
                Hostile.of(node("GridSample", 2).with("mode", text("odd")), "unknown mode", x, floats(1, 2, 2, 2)),
                Hostile.of(node("AffineGrid", 2), "memory", floats(1, 2, 3), longs(1, 1, HUGE, 1)),
                Hostile.of(node("AffineGrid", 2), "'size'", floats(1, 2, 3), longs(1, 1, -1, 1)),
                Hostile.of(node("AffineGrid", 2), "by matrices of shape", floats(1, 2, 3), longs(1, 1, 1)),
                Hostile.of(align, "reads image 1 of 1", x, floats(1, 4), longs(1)),
                Hostile.of(align, "reads image -1 of 1", x, floats(1, 4), longs(-1)),
                Hostile.of(align, "reads regions of shape", x, floats(1, 5), longs(0)),
                Hostile.of(align, "places each", x, ends, longs(0)),
                Hostile.of(align.with("output_height", whole(HUGE)), "memory", x, floats(1, 4), longs(0)),
                Hostile.of(align.with("sampling_ratio", whole(HUGE)), "places each", x, floats(1, 4), longs(0)),
                Hostile.of(align.with("mode", text("odd")), "unknown mode", x, floats(1, 4), longs(0)),
                Hostile.of(pool, "reads image", x, Array.of(new float[] {7, 0, 0, 1, 1}, 1, 5)),
                Hostile.of(pool, "pools regions of shape", x, floats(1, 4)),
                Hostile.of(node("DeformConv", 3), "operand 2 of shape", x, floats(2, 4, 2, 2), floats(1, 8, 3, 2)),
                Hostile.of(node("DeformConv", 3), "has kernels of shape", x, floats(2, 3, 2, 2), floats(1, 8, 2, 2)),
                Hostile.of(
                        node("DeformConv", 3).with("offset_group", whole(0)),
                        "'offset_group' 0",
                        x,
                        floats(2, 4, 2, 2),
                        floats(1, 8, 2, 2)));
    }

    static Stream<Hostile> forms() {
        Array x = floats(1, 4, 3, 3);
        return Stream.of(
                Hostile.of(node("DepthToSpace", 1).with("blocksize", whole(0)), "'blocksize'", x),
                Hostile.of(node("DepthToSpace", 1).with("blocksize", whole(3)), "spreads 4 channels", x),
                Hostile.of(node("DepthToSpace", 1).with("blocksize", whole(HUGE)), "overflow", x),
                Hostile.of(node("SpaceToDepth", 1).with("blocksize", whole(2)), "into blocks of 2", x),
                Hostile.of(node("SpaceToDepth", 1).with("blocksize", whole(2)), "height, width", floats(2, 2)),
                Hostile.of(node("CenterCropPad", 2), "memory", floats(1), longs(HUGE)),
                Hostile.of(node("CenterCropPad", 2), "'shape'", floats(1), longs(-1)),
                Hostile.of(node("CenterCropPad", 2), "needs 2 sizes", floats(1, 1), longs(1)),
                Hostile.of(node("Col2Im", 3), "memory", floats(1, 1, 1), longs(1L << 40), longs(1)),
                Hostile.of(node("Col2Im", 3), "has columns of shape", floats(1, 4, 5), longs(3, 4), longs(2, 2)),
                Hostile.of(
                        node("Col2Im", 3),
                        "more elements than can be counted",
                        floats(1, 10, 12),
                        longs(5, 5, 5),
                        longs(1L << 32, 1, 1L << 32)),
                Hostile.of(node("Col2Im", 3), "'block_shape'", floats(1, 4, 5), longs(3, 4), longs(0, 2)),
                Hostile.of(node("Col2Im", 3), "makes an image of shape", floats(4, 5), longs(3, 4), longs(2, 2)),
                Hostile.of(
                        node("GroupNormalization", 3).with("num_groups", whole(3)),
                        "into 3 groups",
                        x,
                        floats(4),
                        floats(4)),
                Hostile.of(node("GroupNormalization", 3), "into 0 groups", x, floats(4), floats(4)),
                Hostile.of(
                        node("GroupNormalization", 3).with("num_groups", whole(2)), "failed", x, floats(3), floats(4)),
                Hostile.of(groupNorm(), "into 0 groups", x, floats(3), floats(3)),
                Hostile.of(groupNorm().with("groups", whole(2)), "3 channels into 2", x, floats(3), floats(3)),
                Hostile.of(groupNorm().with("groups", whole(1)), "batch and channels", floats(3), floats(3), floats(3)),
                Hostile.of(groupNorm().with("activation", whole(2)), "the activation 2", x, floats(3), floats(3)),
                Hostile.of(node("InstanceNormalization", 3), "failed", x, floats(4), floats(5)),
                Hostile.of(node("LRN", 1).with("size", whole(0)), "'size'", x),
                Hostile.of(node("MeanVarianceNormalization", 1), "axis 2", floats(2, 2)));
    }

    private static Node groupNorm() {
        return node("GroupNorm", 3).in("com.microsoft");
    }

    @ParameterizedTest
    @MethodSource({"images", "forms"})
    void isRefusedByName(Hostile hostile) {
        hostile.assertRefused(21);
    }

    @Test
    void aWindowOverMoreChannelsThanThereAreTakesThemAll() {
        Array x = Array.of(new float[] {1, 2}, 1, 2, 1);
        Node wide = node("LRN", 1).with("size", whole(HUGE)).with("alpha", new Attribute.Real(1e6f));
        assertThat(OneNode.run(wide, 21, x).floats()[1]).isEqualTo(2f, org.assertj.core.data.Offset.offset(1e-4f));
    }

    /** Places that are no numbers, or far away, are read as outside or refused. */
    @Test
    void noPlaceEndsTheProcess() {
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Array x = floats(1, 2, 1 + random.nextInt(3), 1 + random.nextInt(3));
            String mode = List.of("linear", "nearest", "cubic").get(random.nextInt(3));
            Node sample = node("GridSample", 2)
                    .with("mode", text(mode))
                    .with(
                            "padding_mode",
                            text(List.of("zeros", "border", "reflection").get(random.nextInt(3))));
            runOrRefuse(sample, x, extremes(random, 1, 3, 5, 2));
            Node align = node("RoiAlign", 3).with("mode", text(random.nextBoolean() ? "avg" : "max"));
            runOrRefuse(align, x, extremes(random, 2, 4), longs(0, 0));
            Node pool = node("MaxRoiPool", 2).with("pooled_shape", new Attribute.Wholes(List.of(2L, 2L)));
            runOrRefuse(pool, x, extremes(random, 2, 5));
            runOrRefuse(node("DeformConv", 3), floats(1, 1, 3, 3), floats(1, 1, 2, 2), extremes(random, 1, 8, 2, 2));
        }
    }

    private static void runOrRefuse(Node node, Array... operands) {
        Throwable outcome = catchThrowable(() -> OneNode.run(node, 21, operands));
        if (outcome != null) {
            assertThat(outcome).as(node.toString()).isInstanceOf(InputException.class);
        }
    }

    private static Array extremes(Random random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = EXTREMES[random.nextInt(EXTREMES.length)];
        }
        return Array.of(values, shape);
    }
}
