package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes with random attributes compute on libtorch what they compute on ONNX Runtime, which serves them. */
@Tag("slow")
class VisionParityTest {
    /** Sums of some hundred products in float32, in another order. */
    private static final double TOLERANCE = 2e-4;

    private static final int TRIES = 120;
    private static final OrtRuntime ORT = new OrtRuntime();

    private record Trial(Node node, List<Array> operands) {}

    private static Trial trial(Node node, Array... operands) {
        return new Trial(node, List.of(operands));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Conv",
                "ConvTranspose",
                "MaxPool",
                "AveragePool",
                "LpPool",
                "Resize",
                "GridSample",
                "RoiAlign",
                "MaxRoiPool",
                "LRN",
                "InstanceNormalization"
            })
    void bothRuntimesAgree(String operator) {
        var random = new Random(operator.hashCode());
        int compared = 0;
        for (int i = 0; i < TRIES; i++) {
            Trial trial = trial(operator, random);
            Optional<Array> expected = attempt(trial, node -> OneNode.run(ORT, node, 19, operands(trial)));
            if (expected.isEmpty()) {
                continue;
            }
            Array actual = OneNode.run(trial.node(), 19, operands(trial));
            String shown = trial.node().attributes() + " on " + trial.operands();
            assertThat(actual.shape()).as(shown).isEqualTo(expected.get().shape());
            assertClose(shown, Numbers.of(expected.get()), Numbers.of(actual));
            compared++;
        }
        assertThat(compared).isGreaterThan(TRIES / 3);
    }

    private static Optional<Array> attempt(Trial trial, Function<Node, Array> run) {
        try {
            return Optional.of(run.apply(trial.node()));
        } catch (GraphException e) {
            return Optional.empty();
        }
    }

    private static Array[] operands(Trial trial) {
        return trial.operands().toArray(new Array[0]);
    }

    private static void assertClose(String shown, double[] expected, double[] actual) {
        for (int i = 0; i < expected.length; i++) {
            double allowed = TOLERANCE * (1 + Math.abs(expected[i]));
            assertThat(Math.abs(actual[i] - expected[i]) <= allowed || Double.compare(actual[i], expected[i]) == 0)
                    .as("element %d is %s, not %s: %s", i, actual[i], expected[i], shown)
                    .isTrue();
        }
    }

    private static Trial trial(String operator, Random random) {
        int axes = 1 + random.nextInt(operator.equals("ConvTranspose") ? 2 : 3);
        return switch (operator) {
            case "Conv", "ConvTranspose" -> convolution(operator, random, axes);
            case "Resize" -> resize(random);
            case "GridSample" -> gridSample(random);
            case "RoiAlign" -> roiAlign(random);
            case "MaxRoiPool" ->
                trial(
                        node("MaxRoiPool", 2)
                                .with("pooled_shape", wholes(random, 2, 1, 3))
                                .with("spatial_scale", new Attribute.Real(0.5f)),
                        floats(random, 1, 2, 6, 7),
                        regions(random, true));
            case "LRN" ->
                trial(
                        node("LRN", 1)
                                .with("size", whole(1 + 2 * random.nextInt(3)))
                                .with("alpha", new Attribute.Real(0.5f)),
                        floats(random, 2, 5, 3, 2));
            case "InstanceNormalization" ->
                trial(node(operator, 3), floats(random, 2, 3, 4, 2), floats(random, 3), floats(random, 3));
            default -> pool(operator, random, axes);
        };
    }

    /**
     * Beside auto_pad neither ceil_mode, which ONNX does not heed there, nor strides longer than the kernel, for which
     * ONNX Runtime's pools cut the operand.
     */
    private static Trial pool(String operator, Random random, int axes) {
        Node node = windowed(node(operator, 1), random, axes).with("kernel_shape", wholes(random, axes, 1, 3));
        if (node.attributes().containsKey("auto_pad")) {
            return trial(node.with("strides", wholes(random, axes, 1, 1)), image(random, axes, 2));
        }
        long ceil = operator.equals("LpPool") ? 0 : random.nextInt(2);
        return trial(node.with("ceil_mode", whole(ceil)), image(random, axes, 2));
    }

    private static Trial convolution(String operator, Random random, int axes) {
        long groups = 1L + random.nextInt(2);
        long[] kernel = sizes(random, axes, 1, 3);
        kernel[0] = 2 * groups;
        kernel[1] = operator.equals("Conv") ? 3 : 2;
        Node node = windowed(node(operator, 3), random, axes).with("group", whole(groups));
        long channels = operator.equals("Conv") ? 3 * groups : 2 * groups;
        return trial(node, image(random, axes, channels), floats(random, kernel), floats(random, 2 * groups));
    }

    /** Without dilation beside auto_pad: ONNX Runtime's pools leave the dilation out of the padding then. */
    private static Node windowed(Node node, Random random, int axes) {
        Node changed = node;
        if (random.nextBoolean()) {
            changed = changed.with("strides", wholes(random, axes, 1, 3));
        }
        String auto = List.of("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID").get(random.nextInt(4));
        if (random.nextInt(3) == 0) {
            return changed.with("auto_pad", new Attribute.Text(auto));
        }
        if (random.nextInt(3) == 0) {
            changed = changed.with("dilations", wholes(random, axes, 1, 2));
        }
        return random.nextBoolean() ? changed.with("pads", wholes(random, 2 * axes, 0, 2)) : changed;
    }

    private static Trial resize(Random random) {
        String mode = List.of("nearest", "linear", "cubic").get(random.nextInt(3));
        String coordinates = List.of(
                        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")
                .get(random.nextInt(5));
        String nearest = List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
                .get(random.nextInt(4));
        boolean bySizes = coordinates.equals("align_corners") || random.nextBoolean();
        Node node = bySizes ? Node.of("Resize", "y", "a", "", "", "b") : Node.of("Resize", "y", "a", "", "b");
        node = node.with("mode", new Attribute.Text(mode))
                .with("coordinate_transformation_mode", new Attribute.Text(coordinates))
                .with("nearest_mode", new Attribute.Text(nearest))
                .with("antialias", whole(mode.equals("nearest") ? 0 : random.nextInt(2)));
        long[] sizes = {1, 2, 1 + random.nextInt(9), 1 + random.nextInt(9)};
        float[] scales = {1, 1, scale(random), scale(random)};
        return trial(node, floats(random, 1, 2, 4, 5), bySizes ? Array.of(sizes, 4) : Array.of(scales, 4));
    }

    /** One that changes the size: ONNX Runtime copies an axis that keeps its size, whatever the scale is. */
    private static float scale(Random random) {
        return random.nextBoolean() ? 0.3f + 0.4f * random.nextFloat() : 1.25f + random.nextFloat();
    }

    private static Trial gridSample(Random random) {
        String mode = List.of("linear", "nearest", "cubic").get(random.nextInt(3));
        String padding = List.of("zeros", "border", "reflection").get(random.nextInt(3));
        Node node = node("GridSample", 2)
                .with("mode", new Attribute.Text(mode))
                .with("padding_mode", new Attribute.Text(padding))
                .with("align_corners", whole(random.nextInt(2)));
        return trial(node, floats(random, 2, 2, 4, 3), floats(random, 2, 3, 2, 2));
    }

    private static Trial roiAlign(Random random) {
        Node node = node("RoiAlign", 3)
                .with("mode", new Attribute.Text(random.nextBoolean() ? "avg" : "max"))
                .with("output_height", whole(1 + random.nextInt(3)))
                .with("output_width", whole(1 + random.nextInt(3)))
                .with("sampling_ratio", whole(random.nextInt(3)))
                .with(
                        "coordinate_transformation_mode",
                        new Attribute.Text(random.nextBoolean() ? "half_pixel" : "output_half_pixel"));
        return trial(node, floats(random, 2, 2, 6, 7), regions(random, false), Array.of(new long[] {1, 0, 1}, 3));
    }

    /** Three regions; with the number of their image in front, where it is wanted there. */
    private static Array regions(Random random, boolean numbered) {
        int width = numbered ? 5 : 4;
        float[] values = new float[3 * width];
        for (int i = 0; i < 3; i++) {
            int at = i * width + width - 4;
            values[at] = 5 * random.nextFloat() - 1;
            values[at + 1] = 5 * random.nextFloat() - 1;
            values[at + 2] = values[at] + 6 * random.nextFloat();
            values[at + 3] = values[at + 1] + 6 * random.nextFloat();
        }
        return Array.of(values, 3, width);
    }

    private static Array image(Random random, int axes, long channels) {
        long[] shape = sizes(random, axes, 5, 8);
        shape[0] = 2;
        shape[1] = channels;
        return floats(random, shape);
    }

    private static long[] sizes(Random random, int axes, int least, int most) {
        return random.longs(axes + 2L, least, most + 1L).toArray();
    }

    private static Array floats(Random random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2.4f * random.nextFloat() - 1.2f;
        }
        return Array.of(values, shape);
    }

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    private static Attribute wholes(Random random, int count, int least, int most) {
        return new Attribute.Wholes(
                random.longs(count, least, most + 1L).boxed().toList());
    }
}
