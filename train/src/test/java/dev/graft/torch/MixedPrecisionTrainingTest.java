package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A network in bfloat16 learns on float32 weights, and never computes with a former content of them. */
class MixedPrecisionTrainingTest {
    /** Half the distance of bfloat16 numbers from 1 to 2, twice, for two factors. */
    private static final double BFLOAT16 = 0x1p-8;

    private static final Torch TORCH =
            new Torch(TorchSettings.defaults().withThreads(1).withPrecision(Precision.BF16), Fusion.standard());

    private static final Graph PRODUCT = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[2,2] x) => (float[2] y)
               <float[2,2] w = {1, 0, 0, 1}, int64[1] axis = {1}>
            {
               h = MatMul (x, w)
               y = ReduceSum <keepdims = 0> (h, axis)
            }
            """);

    private static final Map<String, Array> ONES = Map.of("x", Array.of(new float[] {1, 1, 1, 1}, 2, 2));
    private static final Array ZEROS = Array.of(new float[2], 2);
    private static final Loss SQUARES = new Loss.MeanSquaredError("y");

    private static float[] output(Network network) {
        return OneNode.value(network.run(ONES), "y").floats();
    }

    private static double step(Network network) {
        double loss = network.learn(ONES, ZEROS, SQUARES, 1, 0).value();
        network.step(Optimizer.adamW(0, Set.of()), weight -> 0.25);
        return loss;
    }

    @Test
    void everyStepAndEveryRunComputesWithThePresentWeights() {
        try (Network network = TORCH.prepare(PRODUCT)) {
            network.trainable(Set.of("w"));
            double before = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 3; i++) {
                double sum = weights(network);
                assertThat(output(network)[0]).isEqualTo((float) sum, within(0.02f));
                double loss = step(network);
                assertThat(loss).isEqualTo(sum * sum, within(0.02)).isLessThan(before);
                before = loss;
            }
        }
    }

    @Test
    void weightsThatAreLoadedOrNoLongerTrainedAreNotStaleEither() {
        try (Network network = TORCH.prepare(PRODUCT)) {
            assertThat(output(network)).containsExactly(2, 2);
            network.load(Map.of("w", Array.of(new float[] {4, 0, 0, 4}, 2, 2)));
            assertThat(output(network)).containsExactly(8, 8);
            network.trainable(Set.of("w"));
            step(network);
            network.trainable(Set.of());
            float[] frozen = output(network);
            assertThat(frozen[0])
                    .isEqualTo((float) weights(network), within(0.04f))
                    .isLessThan(8);
        }
    }

    @Test
    void stepsTooSmallForBfloat16AddUp() {
        try (Network network = TORCH.prepare(PRODUCT)) {
            network.trainable(Set.of("w"));
            for (int i = 0; i < 100; i++) {
                network.learn(ONES, ZEROS, SQUARES, 1, i);
                network.step(Optimizer.adamW(0, Set.of()), weight -> BFLOAT16 / 16);
            }
            Array learned = OneNode.value(network.weights(), "w");
            assertThat(learned.type()).isEqualTo(ElementType.FLOAT);
            assertThat(learned.floats()[0]).isEqualTo((float) (1 - 100 * BFLOAT16 / 16), within(0.01f));
            assertThat(OneNode.value(network.graph().weights(), "w")).isEqualTo(learned);
        }
    }

    @Test
    void gradientsOfSeveralBatchesAddUpInFloat32() {
        try (Network network = TORCH.prepare(PRODUCT)) {
            network.trainable(Set.of("w"));
            network.learn(ONES, ZEROS, SQUARES, 1, 0);
            double one = network.clip(Double.POSITIVE_INFINITY);
            network.learn(ONES, ZEROS, SQUARES, 0x1p-10, 0);
            assertThat(network.clip(Double.POSITIVE_INFINITY)).isEqualTo(one * (1 + 0x1p-10), within(one * 1e-6));
        }
    }

    @Test
    void graphsThatHoldNoFloat32AreComputedAsTheyAre() {
        Graph doubles = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (double[2] x) => (double[1] y)
                   <double[2,2] w = {1, 0, 0, 1}, int64[1] axis = {0}>
                {
                   h = MatMul (x, w)
                   y = ReduceSum (h, axis)
                }
                """);
        try (Network network = TORCH.prepare(doubles)) {
            Array sum = OneNode.value(network.run(Map.of("x", Array.of(new double[] {1, 1e-12}, 2))), "y");
            assertThat(Doubles.values(sum)).containsExactly(1 + 1e-12);
        }
    }

    private static double weights(Network network) {
        double sum = 0;
        for (float weight : OneNode.value(network.graph().weights(), "w").floats()) {
            sum += weight;
        }
        return sum;
    }
}
