package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final int MANY = 40_000;

    /** Five standard errors of a mean of {@link #MANY} numbers with variance 1. */
    private static final double SAMPLING = 0.025;

    private static Array draw(String node, long seed, Array... x) {
        Graph graph = GraphText.parse("<ir_version: 8, opset_import: [\"\" : 17]>\ng (" + (x.length == 0 ? "" : "x")
                + ") => (y) {\nunread = RandomUniform <shape = [3]> ()\ny = " + node + "\n}");
        Program program = Program.of(graph.main(), Binding.of(graph, dev.graft.torch.ops.Operators.standard()));
        try (PointerScope scope = new PointerScope();
                Weights weights = new Weights(program, Device.CPU);
                Frame frame = new Frame(program, weights, new Run(false, seed, Device.CPU))) {
            Arrays.stream(x).forEach(array -> frame.lend("x", new Content.Single(array).on(Device.CPU)));
            frame.execute();
            return Tensors.array(frame.tensor("y"));
        }
    }

    private static double mean(Array array) {
        return Arrays.stream(Numbers.of(array)).average().orElseThrow();
    }

    private static double deviation(Array array) {
        double mean = mean(array);
        return Math.sqrt(Arrays.stream(Numbers.of(array))
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void numbersDependOnTheSeedOfTheRun() {
        String node = "RandomNormal <shape = [100]> ()";
        assertThat(draw(node, 1)).isEqualTo(draw(node, 1)).isNotEqualTo(draw(node, 2));
        assertThat(draw("RandomUniform <shape = [3]> ()", 1)).isNotEqualTo(draw("Identity (unread)", 1));
    }

    @Test
    void uniformNumbersFillTheirRange() {
        Array drawn = draw("RandomUniform <shape = [200, 200], low = -1.0, high = 3.0> ()", 5);
        assertThat(drawn.shape()).containsExactly(200, 200);
        assertThat(mean(drawn)).isCloseTo(1, offset(2 * SAMPLING));
        assertThat(deviation(drawn)).isCloseTo(4 / Math.sqrt(12), offset(2 * SAMPLING));
        assertThat(Arrays.stream(Numbers.of(drawn))).allMatch(value -> value >= -1 && value <= 3);
    }

    @Test
    void normalNumbersHaveTheirMeanAndScale() {
        Array drawn = draw("RandomNormal <shape = [40000], mean = 2.0, scale = 0.5> ()", 5);
        assertThat(mean(drawn)).isCloseTo(2, offset(SAMPLING));
        assertThat(deviation(drawn)).isCloseTo(0.5, offset(SAMPLING));
        long within = Arrays.stream(Numbers.of(drawn))
                .filter(value -> Math.abs(value - 2) < 0.5)
                .count();
        assertThat(within / (double) MANY).isCloseTo(0.6827, offset(SAMPLING));
    }

    @Test
    void shapeAndTypeComeFromTheOperandOrTheNode() {
        Array like = Array.of(new double[6], 2, 3);
        assertThat(draw("RandomNormalLike (x)", 1, like).type()).isEqualTo(ElementType.DOUBLE);
        assertThat(draw("RandomUniformLike (x)", 1, like).shape()).containsExactly(2, 3);
        assertThat(draw("RandomUniformLike <dtype = 1> (x)", 1, like).type()).isEqualTo(ElementType.FLOAT);
        assertThat(draw("RandomNormal <shape = [2], dtype = 10> ()", 1).type()).isEqualTo(ElementType.FLOAT16);
        assertThat(draw("RandomNormal <shape = [0, 2]> ()", 1).shape()).containsExactly(0, 2);
    }

    @Test
    void coinsFallAsOftenAsTheirChanceSays() {
        float[] chances = new float[MANY];
        Arrays.fill(chances, 0.3f);
        Array coins = draw("Bernoulli <dtype = 7> (x)", 3, Array.of(chances, MANY));
        assertThat(coins.type()).isEqualTo(ElementType.INT64);
        assertThat(mean(coins)).isCloseTo(0.3, offset(SAMPLING));
        Array certain = draw("Bernoulli (x)", 3, Array.of(new float[] {0, 1, 0, 1}, 4));
        assertThat(certain.floats()).containsExactly(0, 1, 0, 1);
    }

    @Test
    void classesAreDrawnByTheirShares() {
        Array logits = Array.of(new float[] {(float) Math.log(3), 0, Float.NEGATIVE_INFINITY}, 1, 3);
        Array drawn = draw("Multinomial <sample_size = 40000> (x)", 3, logits);
        assertThat(drawn.type()).isEqualTo(ElementType.INT32);
        assertThat(drawn.shape()).containsExactly(1, MANY);
        assertThat(mean(drawn)).as("the share of class 1").isCloseTo(0.25, offset(SAMPLING));
        assertThat(Arrays.stream(Numbers.of(drawn))).allMatch(value -> value < 2);
    }

    @Test
    void sessionsDrawTheSameInEveryRun() {
        Graph graph = GraphText.parse(
                "<ir_version: 8, opset_import: [\"\" : 17]>\ng () => (y) { y = RandomNormal <shape = [5]> () }");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThat(network.run(Map.of())).isEqualTo(network.run(Map.of()));
        }
    }
}
