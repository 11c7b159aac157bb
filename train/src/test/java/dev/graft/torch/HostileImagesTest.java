package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.GraphException;
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

    private record Hostile(Node node, String complaint, List<Array> operands) {
        @Override
        public String toString() {
            return node.operator() + " " + complaint;
        }
    }

    private static Hostile hostile(Node node, String complaint, Array... operands) {
        return new Hostile(node, complaint, List.of(operands));
    }

    private static Array floats(long... shape) {
        return Array.of(new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
    }

    private static Array values(float... values) {
        return Array.of(values, values.length);
    }

    private static Array longs(long... values) {
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
                hostile(conv("strides", 0, 1), "none may be less than 1", x, w),
                hostile(conv("strides", 1), "needs 2 numbers in 'strides'", x, w),
                hostile(conv("dilations", 1, -1), "none may be less than 1", x, w),
                hostile(conv("dilations", HUGE, 1), "spans", x, w),
                hostile(conv("dilations", Long.MAX_VALUE, 1), "overflow", x, w),
                hostile(conv("pads", 0, 0, -1, 0), "none may be less than 0", x, w),
                hostile(conv("pads", 1, 1), "needs 4 numbers in 'pads'", x, w),
                hostile(conv("pads", HUGE, HUGE, HUGE, HUGE), "more elements", x, w),
                hostile(conv("pads", 1 << 30, 0, 0, 1 << 30), "memory", x, w),
                hostile(conv("kernel_shape", 2, 2), "states kernels of shape [2, 2]", x, w),
                hostile(node("Conv", 2).with("group", whole(0)), "into 0 groups", x, w),
                hostile(node("Conv", 2).with("group", whole(3)), "into 3 groups", x, w),
                hostile(node("Conv", 2).with("group", whole(2)), "failed", x, w),
                hostile(node("Conv", 2).with("auto_pad", new Attribute.Text("ODD")), "unknown auto_pad", x, w),
                hostile(node("Conv", 2), "spans 3 over a padded axis of size 2", floats(1, 2, 2, 5), w),
                hostile(node("Conv", 2), "1 to 3 axes", floats(2, 5, 5), w),
                hostile(node("Conv", 2), "kernel_shape", x, floats(2, 2, 0, 3)),
                hostile(node("Conv", 3), "failed", x, w, floats(3)),
                hostile(node("ConvTranspose", 2).with("strides", wholes(HUGE, HUGE)), "more elements", x, w),
                hostile(node("ConvTranspose", 2).with("output_shape", wholes(HUGE, 1)), "memory", x, w),
                hostile(node("ConvTranspose", 2).with("output_shape", wholes(7)), "'output_shape'", x, w),
                hostile(node("ConvTranspose", 2).with("pads", wholes(9, 0, 0, 0)), "output size", x, w),
                hostile(pool("MaxPool", 3), "slides a kernel of shape [3]", x),
                hostile(pool("MaxPool", 0, 3), "none may be less than 1", x),
                hostile(pool("MaxPool", HUGE, 3), "spans", x),
                hostile(pool("AveragePool", 2, 2).with("pads", wholes(2, 0, 0, 0)), "as much as its kernel", x),
                hostile(pool("LpPool", 2, 2).with("pads", wholes(0, 0, 0, HUGE)), "as much as its kernel", x),
                hostile(node("MaxPool", 1), "slides a kernel of shape []", x),
                hostile(node("GlobalMaxPool", 1), "needs a batch and channels", floats(3)));
    }

    static Stream<Hostile> places() {
        Node unpool = node("MaxUnpool", 2).with("kernel_shape", wholes(2, 2)).with("strides", wholes(2, 2));
        Array four = floats(1, 1, 2, 2);
        return Stream.of(
                hostile(unpool, "place outside", four, Array.of(new long[] {0, 1, 2, 16}, 1, 1, 2, 2)),
                hostile(unpool, "place outside", four, Array.of(new long[] {0, 1, 2, -1}, 1, 1, 2, 2)),
                hostile(unpool, "to places of shape", four, longs(1, 2)),
                hostile(
                        node("MaxUnpool", 3).with("kernel_shape", wholes(2, 2)).with("strides", wholes(2, 2)),
                        "memory",
                        four,
                        Array.of(new long[] {0, 1, 2, 3}, 1, 1, 2, 2),
                        longs(1, 1, HUGE, 4)),
                hostile(
                        node("BatchNormalization", 5),
                        "each of 2 channels in operand 3",
                        floats(3, 2),
                        floats(2),
                        floats(2),
                        floats(1),
                        floats(2)),
                hostile(
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
                hostile(bySizes, "negative size", x, longs(-1, 4)),
                hostile(bySizes, "memory", x, longs(HUGE, 4)),
                hostile(bySizes, "needs 2 sizes", x, longs(4)),
                hostile(bySizes, "no elements", floats(0, 4), longs(2, 2)),
                hostile(byScales, "scale 0.0", x, values(0, 1)),
                hostile(byScales, "scale NaN", x, values(Float.NaN, 1)),
                hostile(byScales, "scale Infinity", x, values(Float.POSITIVE_INFINITY, 1)),
                hostile(byScales, "more elements", x, values(1e30f, 1)),
                hostile(byScales, "needs 2 scales", x, values(1)),
                hostile(byScales.with("mode", new Attribute.Text("odd")), "unknown mode", x, values(2, 2)),
                hostile(
                        bySizes.with("keep_aspect_ratio_policy", new Attribute.Text("odd")),
                        "unknown keep_aspect_ratio_policy",
                        x,
                        longs(2, 2)),
                hostile(cut, "region of interest", x, values(0, 1), values(1, 1)),
                hostile(cut, "negative size", x, values(1, 1, 0, 0), values(1, 1)),
                hostile(
                        cut.with("mode", new Attribute.Text("linear")).with("antialias", whole(1)),
                        "reads",
                        x,
                        values(0, 0, 1e20f, 1),
                        values(1e-19f, 1)));
    }

    @ParameterizedTest
    @MethodSource({"windows", "places", "sizes"})
    void isRefusedByName(Hostile hostile) {
        assertThatThrownBy(
                        () -> OneNode.run(hostile.node(), 19, hostile.operands().toArray(new Array[0])))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node 'y' (" + hostile.node().operator() + ")")
                .hasMessageContaining(hostile.complaint());
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
