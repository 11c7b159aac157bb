package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.train.Choice;
import dev.graft.train.Optimizers;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** AdamW with half the memory goes where AdamW goes. */
class NarrowAdamWTest {
    private static final String WEIGHT = "w";
    private static final double RATE = 1e-3;

    /** How far weights may end from AdamW's, as a share of how far those went: eight bits tell 0.4 % apart. */
    private static final double APART = 0.02;

    /** How far the mean of squares may be from AdamW's after a thousand steps. */
    private static final double SQUARES_APART = 0.03;

    /** More than a part, and no multiple of one. */
    private static final int LONG = (1 << 20) + 77;

    private static final Optimizer EXACT = optimizer("adamw_torch");
    private static final Optimizer NARROW = optimizer("adamw_bf16");

    @BeforeAll
    static void load() {
        new Torch(TorchSettings.defaults(), same -> same);
    }

    private static Optimizer optimizer(String name) {
        return new Optimizer(Optimizers.of(Choice.of(name)), 0.01, Set.of());
    }

    private static float[] normal(Random random, int length, double scale) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) (scale * random.nextGaussian());
        }
        return numbers;
    }

    private static Map<String, Tensor> weight(int length) {
        return Map.of(WEIGHT, Tensors.of(Array.of(normal(new Random(7), length, 1), length)));
    }

    private static void step(
            OptimizerMemory memory, Map<String, Tensor> weights, Optimizer optimizer, float[] gradient) {
        Tensor weight = Objects.requireNonNull(weights.get(WEIGHT));
        weight.mutable_grad().put(Tensors.of(Array.of(gradient, weight.shape())));
        memory.step(weights, optimizer, name -> RATE);
    }

    private static float[] values(Map<String, Tensor> weights) {
        return Tensors.array(Objects.requireNonNull(weights.get(WEIGHT))).floats();
    }

    @Test
    void weightsGoWhereAdamWTakesThem() {
        Map<String, Tensor> exact = weight(LONG);
        Map<String, Tensor> narrow = weight(LONG);
        float[] start = values(exact);
        var random = new Random(11);
        try (OptimizerMemory one = new OptimizerMemory();
                OptimizerMemory other = new OptimizerMemory()) {
            for (int i = 0; i < 20; i++) {
                float[] gradient = normal(random, LONG, 0.1);
                step(one, exact, EXACT, gradient);
                step(other, narrow, NARROW, gradient);
            }
        }
        assertThat(distance(values(narrow), values(exact)) / distance(start, values(exact)))
                .isLessThan(APART);
    }

    /** Most rows of an embedding table are not read in a step. */
    @Test
    void whatHasNoGradientOnlyDecays() {
        int length = 5_000;
        Map<String, Tensor> exact = weight(length);
        Map<String, Tensor> narrow = weight(length);
        try (OptimizerMemory one = new OptimizerMemory();
                OptimizerMemory other = new OptimizerMemory()) {
            for (int i = 0; i < 20; i++) {
                step(one, exact, EXACT, new float[length]);
                step(other, narrow, NARROW, new float[length]);
            }
        }
        assertThat(values(narrow)).isEqualTo(values(exact));
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(sum);
    }

    /** A step changes the mean of squares by a thousandth, of which bfloat16 tells four apart: it must not stand still. */
    @Test
    void theMeanOfSquaresForgetsAsAdamWsDoes() {
        int length = 5_000;
        Map<String, Tensor> exact = weight(length);
        Map<String, Tensor> narrow = weight(length);
        var random = new Random(13);
        try (OptimizerMemory one = new OptimizerMemory();
                OptimizerMemory other = new OptimizerMemory()) {
            for (int i = 0; i < 1_000; i++) {
                float[] gradient = normal(random, length, i == 0 ? 1 : 0.01);
                step(one, exact, EXACT, gradient);
                step(other, narrow, NARROW, gradient);
            }
            double wanted = mean(one);
            assertThat(mean(other) / wanted).isCloseTo(1, within(SQUARES_APART));
        }
    }

    private static Array part(OptimizerMemory memory, String name) {
        return Objects.requireNonNull(memory.state(Tensors::array).get(WEIGHT + "#" + name));
    }

    private static double mean(OptimizerMemory memory) {
        Tensor square = Tensors.of(part(memory, "exp_avg_sq"));
        return square.to(torch.ScalarType.Float).mean().item_double();
    }

    @Test
    void whatIsRememberedTakesHalf() {
        Map<String, Tensor> weights = weight(5_000);
        try (OptimizerMemory memory = new OptimizerMemory()) {
            step(memory, weights, NARROW, new float[5_000]);
            assertThat(part(memory, "exp_avg").type()).isEqualTo(ElementType.BFLOAT16);
            assertThat(part(memory, "exp_avg_sq").bytes().remaining()).isEqualTo(10_000);
        }
    }

    @Test
    void aMemoryThatIsLoadedGoesOnBitForBit() {
        Map<String, Tensor> through = weight(LONG);
        Map<String, Tensor> broken = weight(LONG);
        float[] first = normal(new Random(17), LONG, 0.1);
        float[] second = normal(new Random(19), LONG, 0.1);
        try (OptimizerMemory one = new OptimizerMemory();
                OptimizerMemory before = new OptimizerMemory();
                OptimizerMemory after = new OptimizerMemory()) {
            step(one, through, NARROW, first);
            step(one, through, NARROW, second);
            step(before, broken, NARROW, first);
            after.load(before.state(Tensors::array), Set.of(WEIGHT));
            step(after, broken, NARROW, second);
            assertThat(values(broken)).isEqualTo(values(through));
        }
    }

    @Test
    void whatIsSmallIsRememberedAsItIs() {
        Map<String, Tensor> weights = weight(100);
        try (OptimizerMemory memory = new OptimizerMemory()) {
            step(memory, weights, NARROW, new float[100]);
            assertThat(part(memory, "exp_avg").type()).isEqualTo(ElementType.FLOAT);
        }
    }

    @Test
    void whatIsNoFloat32IsRememberedAsItIs() {
        Map<String, Tensor> weights = Map.of(WEIGHT, torch.ones(5_000).to(torch.ScalarType.Double));
        Tensor weight = Objects.requireNonNull(weights.get(WEIGHT));
        weight.mutable_grad().put(weight.mul(new Scalar(0.5)));
        try (OptimizerMemory memory = new OptimizerMemory()) {
            memory.step(weights, NARROW, name -> RATE);
            assertThat(part(memory, "exp_avg").type()).isEqualTo(ElementType.DOUBLE);
        }
    }
}
