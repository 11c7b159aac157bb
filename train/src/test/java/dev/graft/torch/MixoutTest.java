package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.Mixout;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Mixout as the listing of its authors has it: {@code (mask · start + (1 - mask) · w - p · start) / (1 - p)}. */
class MixoutTest {
    private static final float ROUNDING = 1e-5f;
    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);
    private static final int SIZE = 16;
    private static final double RATE = 0.7;

    private static float weight(int i) {
        return 1 + i % 7;
    }

    private static float start(int i) {
        return i % 5 - 2.5f;
    }

    private static Graph graph() {
        Array weight = array(MixoutTest::weight);
        return GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]> g (float[16,16] x) => (float[16,16] y)
                <float[16,16] w, float[16] b> { p = MatMul (x, w)  y = Add (p, b) }
                """.replace(
                        "float[16,16] w, float[16] b", "float[16] b = {" + "0,".repeat(15) + "0}, float[1,1] w = {0}"))
                .withWeights(Map.of("w", weight, "b", Array.of(new float[SIZE], SIZE)));
    }

    private interface Values {
        float at(int i);
    }

    private static Array array(Values values) {
        float[] all = new float[SIZE * SIZE];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.at(i);
        }
        return Array.of(all, SIZE, SIZE);
    }

    private static final Array IDENTITY = array(i -> i / SIZE == i % SIZE ? 1 : 0);

    private static Network network(double rate) {
        var mixout = Fusion.standard().then(new Mixout(rate, Map.of("w", array(MixoutTest::start))));
        return new Torch(SETTINGS, mixout).prepare(graph());
    }

    /** With the identity as operand and 0 as target, the gradient of a number is twice its mixed value over (1 - p), or 0. */
    @Test
    void eachNumberIsItsOldSelfOrLiesBeyondItsPresentOne() {
        try (Network network = network(RATE)) {
            network.trainable(Set.of("w"));
            Loss loss = new Loss.MeanSquaredError("y");
            double value = network.learn(Map.of("x", IDENTITY), array(i -> 0), loss, SIZE * SIZE / 2.0, 5)
                    .value();
            network.step(new Optimizer(new UpdateRule.Sgd(0, false), 0, Set.of()), name -> 1);
            float[] moved = Objects.requireNonNull(network.weights().get("w")).floats();
            int old = 0;
            double squares = 0;
            for (int i = 0; i < moved.length; i++) {
                float gradient = weight(i) - moved[i];
                double beyond = start(i) + (weight(i) - start(i)) / (1 - RATE);
                if (gradient == 0) {
                    old++;
                    squares += start(i) * start(i);
                } else {
                    assertThat(gradient).isCloseTo((float) (beyond / (1 - RATE)), within(100 * ROUNDING));
                    squares += beyond * beyond;
                }
            }
            assertThat(old / (double) moved.length).isBetween(RATE - 0.1, RATE + 0.1);
            assertThat(value).isCloseTo(squares / moved.length, within(1e-3));
        }
    }

    @Test
    void outsideTrainingTheWeightIsItself() {
        try (Network network = network(RATE)) {
            float[] said = Objects.requireNonNull(
                            network.run(Map.of("x", IDENTITY)).get("y"))
                    .floats();
            for (int i = 0; i < said.length; i++) {
                assertThat(said[i]).isCloseTo(weight(i), within(ROUNDING));
            }
            assertThat(network.graph()).isEqualTo(graph());
        }
    }

    @Test
    void onlyProductsAreMixedAndOnlyByARate() {
        assertThat(new Mixout(0, Map.of("w", IDENTITY)).apply(graph())).isEqualTo(graph());
        assertThat(new Mixout(0.9, Map.of("b", Array.of(new float[SIZE], SIZE))).apply(graph()))
                .isEqualTo(graph());
        assertThatThrownBy(() -> new Mixout(1, Map.of())).isInstanceOf(InputException.class);
    }
}
