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

/** Windows, sizes and places that cannot be end in one error that names the node, and never end the process. */
class HostileImagesTest {
    private static final long HUGE = 1L << 44;
    private static final long[] EXTREMES = {-HUGE, -1, 0, 1, 2, 3, 5, 1L << 31, HUGE, Long.MAX_VALUE, Long.MIN_VALUE};

    private static Array values(float... values) {
        return Array.of(values, values.length);
    }

    private static Attribute.Wholes wholes(long... values) {
        return new Attribute.Wholes(Arrays.stream(values).boxed().toList());
    }

    private static Attribute.Whole whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Node conv(String attribute, long... values) {
        return node("Conv", 2).with(attribute, wholes(values));
    }

    private static Node pool(String operator, long... kernel) {
        return node(operator, 1).with("kernel_shape", wholes(kernel));
    }

    static Stream<Hostile> windows() {
        Array x = floats(1, 2, 5, 5);
        Array w = floats(2, 2, 3, 3);
        return Stream.of(
                Hostile.of(conv("strides", 0, 1), "none may be less than 1", x, w),
                Hostile.of(conv("strides", 1), "needs 2 numbers in 'strides'", x, w),
                Hostile.of(conv("dilations", 1, -1), "none may be less than 1", x, w),
                Hostile.of(conv("dilations", HUGE, 1), "spans", x, w),
                Hostile.of(conv("dilations", Long.MAX_VALUE, 1), "overflow", x, w),
                Hostile.of(conv("pads", 0, 0, -1, 0), "none may be less than 0", x, w),
                Hostile.of(conv("pads", 1, 1), "needs 4 numbers in 'pads'", x, w),
                Hostile.of(conv("pads", HUGE, HUGE, HUGE, HUGE), "more elements", x, w),
                Hostile.of(conv("pads", 1 << 30, 0, 0, 1 << 30), "memory", x, w),
                Hostile.of(conv("kernel_shape", 2, 2), "states kernels of shape [2, 2]", x, w),
                Hostile.of(node("Conv", 2).with("group", whole(0)), "into 0 groups", x, w),
                Hostile.of(node("Conv", 2).with("group", whole(3)), "into 3 groups", x, w),
                Hostile.of(node("Conv", 2).with("group", whole(2)), "failed", x, w),
                Hostile.of(node("Conv", 2).with("auto_pad", new Attribute.Text("ODD")), "unknown auto_pad", x, w),
                Hostile.of(node("Conv", 2), "spans 3 over a padded axis of size 2", floats(1, 2, 2, 5), w),
                Hostile.of(node("Conv", 2), "1 to 3 axes", floats(2, 5, 5), w),
                Hostile.of(node("Conv", 2), "kernel_shape", x, floats(2, 2, 0, 3)),
                Hostile.of(node("Conv", 3), "failed", x, w, floats(3)),
                Hostile.of(node("ConvTranspose", 2).with("strides", wholes(HUGE, HUGE)), "more elements", x, w),
                Hostile.of(node("ConvTranspose", 2).with("output_shape", wholes(HUGE, 1)), "memory", x, w),
                Hostile.of(node("ConvTranspose", 2).with("output_shape", wholes(7)), "'output_shape'", x, w),
                Hostile.of(node("ConvTranspose", 2).with("pads", wholes(9, 0, 0, 0)), "output size", x, w),
                Hostile.of(pool("MaxPool", 3), "slides a kernel of shape [3]", x),
                Hostile.of(pool("MaxPool", 0, 3), "none may be less than 1", x),
                Hostile.of(pool("MaxPool", HUGE, 3), "spans", x),
                Hostile.of(pool("AveragePool", 2, 2).with("pads", wholes(2, 0, 0, 0)), "as much as its kernel", x),
                Hostile.of(pool("LpPool", 2, 2).with("pads", wholes(0, 0, 0, HUGE)), "as much as its kernel", x),
                Hostile.of(node("MaxPool", 1), "slides a kernel of shape []", x),
                Hostile.of(node("GlobalMaxPool", 1), "needs a batch and channels", floats(3)));
    }

    static Stream<Hostile> places() {
        Node unpool = node("MaxUnpool", 2).with("kernel_shape", wholes(2, 2)).with("strides", wholes(2, 2));
        Array four = floats(1, 1, 2, 2);
        return Stream.of(
                Hostile.of(unpool, "place outside", four, Array.of(new long[] {0, 1, 2, 16}, 1, 1, 2, 2)),
                Hostile.of(unpool, "place outside", four, Array.of(new long[] {0, 1, 2, -1}, 1, 1, 2, 2)),
                Hostile.of(unpool, "to places of shape", four, longs(1, 2)),
                Hostile.of(
                        node("MaxUnpool", 3).with("kernel_shape", wholes(2, 2)).with("strides", wholes(2, 2)),
                        "memory",
                        four,
                        Array.of(new long[] {0, 1, 2, 3}, 1, 1, 2, 2),
                        longs(1, 1, HUGE, 4)),
                Hostile.of(
                        node("BatchNormalization", 5),
                        "each of 2 channels in operand 3",
                        floats(3, 2),
                        floats(2),
                        floats(2),
                        floats(1),
                        floats(2)),
                Hostile.of(
                        node("BatchNormalization", 5),
                        "each of 3 channels",
                        floats(2, 3),
                        floats(2),
                        floats(3),
                        floats(3),
                        floats(3)));
    }

    static Stream<Hostile> sizes() {
        Array x = floats(4, 4);
        Node bySizes = Node.of("Resize", "y", "a", "", "", "b");
        Node byScales = Node.of("Resize", "y", "a", "", "b");
        Node cut = Node.of("Resize", "y", "a", "b", "c")
                .with("coordinate_transformation_mode", new Attribute.Text("tf_crop_and_resize"));
        return Stream.of(
                Hostile.of(bySizes, "negative size", x, longs(-1, 4)),
                Hostile.of(bySizes, "memory", x, longs(HUGE, 4)),
                Hostile.of(bySizes, "needs 2 sizes", x, longs(4)),
                Hostile.of(bySizes, "no elements", floats(0, 4), longs(2, 2)),
                Hostile.of(byScales, "scale 0.0", x, values(0, 1)),
                Hostile.of(byScales, "scale NaN", x, values(Float.NaN, 1)),
                Hostile.of(byScales, "scale Infinity", x, values(Float.POSITIVE_INFINITY, 1)),
                Hostile.of(byScales, "more elements", x, values(1e30f, 1)),
                Hostile.of(byScales, "needs 2 scales", x, values(1)),
                Hostile.of(byScales.with("mode", new Attribute.Text("odd")), "unknown mode", x, values(2, 2)),
                Hostile.of(
                        bySizes.with("keep_aspect_ratio_policy", new Attribute.Text("odd")),
                        "unknown keep_aspect_ratio_policy",
                        x,
                        longs(2, 2)),
                Hostile.of(cut, "region of interest", x, values(0, 1), values(1, 1)),
                Hostile.of(cut, "negative size", x, values(1, 1, 0, 0), values(1, 1)),
                Hostile.of(
                        cut.with("mode", new Attribute.Text("linear")).with("antialias", whole(1)),
                        "reads",
                        x,
                        values(0, 0, 1e20f, 1),
                        values(1e-19f, 1)));
    }

    @ParameterizedTest
    @MethodSource({"windows", "places", "sizes"})
    void isRefusedByName(Hostile hostile) {
        hostile.assertRefused(19);
    }

    /** Whatever a window is made of, it computes or refuses. */
    @Test
    void noWindowEndsTheProcess() {
        var random = new Random(5);
        for (int i = 0; i < 600; i++) {
            String operator = List.of("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool")
                    .get(random.nextInt(5));
            boolean convolution = operator.startsWith("Conv");
            Node node = node(operator, convolution ? 2 : 1);
            if (!convolution) {
                node = node.with("kernel_shape", extremes(random, 2));
            }
            for (String attribute : List.of("strides", "dilations", "pads", "output_padding")) {
                if (random.nextInt(3) == 0) {
                    node = node.with(attribute, extremes(random, attribute.equals("pads") ? 4 : 2));
                }
            }
            node = node.with("ceil_mode", whole(random.nextInt(2))).with("group", whole(1 + random.nextInt(2)));
            Array x = floats(random.nextInt(3), random.nextInt(4), random.nextInt(6), random.nextInt(6));
            Array w = floats(random.nextInt(3), random.nextInt(3), random.nextInt(4), random.nextInt(4));
            Node chosen = node;
            Throwable outcome =
                    catchThrowable(() -> OneNode.run(chosen, 19, convolution ? new Array[] {x, w} : new Array[] {x}));
            if (outcome != null) {
                assertThat(outcome).as("%s %s %s", node, x, w).isInstanceOf(InputException.class);
            }
        }
    }

    private static Attribute extremes(Random random, int count) {
        return wholes(random.longs(count, 0, EXTREMES.length)
                .map(index -> random.nextInt(3) > 0 ? 1 + index % 2 : EXTREMES[(int) index])
                .toArray());
    }
}
