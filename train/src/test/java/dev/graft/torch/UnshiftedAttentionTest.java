package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Attention in bfloat16 against the same in float32, with scores and masks that need a softmax and such that do not. */
class UnshiftedAttentionTest {
    /** Values of about 1 that are rounded to 8 bits three times. */
    private static final Offset<Float> ROUNDED = Offset.offset(0.04f);

    private static final int BATCH = 3;
    private static final int LENGTH = 7;
    private static final int HEADS = 2;
    private static final int WIDTH = 2 * 8;
    private static final float LOWEST = -Float.MAX_VALUE;

    private static ValueInfo any(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    private static Node own(String operator, String result, String... operands) {
        return Node.of(operator, result, operands).in(FusedOperators.DOMAIN);
    }

    private static Graph attention(List<String> inputs, boolean narrow) {
        List<String> operands = new ArrayList<>(inputs);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; narrow && i < 3; i++) {
            operands.set(i, inputs.get(i) + "_narrow");
            nodes.add(own(FusedOperators.NARROW, operands.get(i), inputs.get(i)));
        }
        nodes.add(own(FusedOperators.ATTENTION, "mixed", operands.toArray(String[]::new))
                .with("heads", new Attribute.Whole(HEADS)));
        nodes.add(own(FusedOperators.WIDEN, "y", "mixed"));
        return Graph.of(
                        inputs.stream().map(UnshiftedAttentionTest::any).toList(),
                        List.of(any("y")),
                        nodes,
                        Map.of(),
                        17)
                .withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION);
    }

    private static Array random(long seed, float factor) {
        Random random = new Random(seed);
        float[] values = new float[BATCH * LENGTH * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * Math.round(16 * (float) random.nextGaussian()) / 16;
        }
        return Array.of(values, BATCH, LENGTH, WIDTH);
    }

    private static float[] run(Map<String, Array> inputs, boolean narrow) {
        var torch = new Torch(TorchSettings.defaults().withThreads(1), graph -> graph);
        try (Network network = torch.prepare(attention(List.copyOf(inputs.keySet()), narrow))) {
            return Objects.requireNonNull(network.run(inputs).get("y")).floats();
        }
    }

    private static void assertClose(float factor, Optional<Array> mask) {
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("q", random(1, factor));
        inputs.put("k", random(2, 1));
        inputs.put("v", random(3, 1));
        mask.ifPresent(array -> inputs.put("mask", array));
        assertThat(run(inputs, true)).containsExactly(run(inputs, false), ROUNDED);
    }

    private static float[] mask(float hidden) {
        float[] mask = new float[BATCH * LENGTH];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % LENGTH > i / LENGTH + 2 ? hidden : 0;
        }
        return mask;
    }

    @Test
    void withoutAMaskAllPositionsAreMixed() {
        assertClose(1, Optional.empty());
    }

    @Test
    void hiddenPositionsHaveNoShare() {
        assertClose(1, Optional.of(Array.of(mask(LOWEST), BATCH, 1, 1, LENGTH)));
        assertClose(1, Optional.of(Array.of(mask(Float.NEGATIVE_INFINITY), BATCH, 1, 1, LENGTH)));
        boolean[] attended = new boolean[BATCH * LENGTH];
        for (int i = 0; i < attended.length; i++) {
            attended[i] = mask(1)[i] == 0;
        }
        assertClose(1, Optional.of(Array.of(attended, BATCH, 1, 1, LENGTH)));
    }

    @Test
    void aMaskMayLowerASharePartly() {
        assertClose(1, Optional.of(Array.of(mask(-0.5f), BATCH, 1, 1, LENGTH)));
    }

    /** Without a softmax all shares of the first example would be 0, and their quotients no numbers. */
    @Test
    void anExampleWhosePositionsAreAllHiddenHasEvenShares() {
        float[] mask = mask(-10_000);
        Arrays.fill(mask, 0, LENGTH, -10_000);
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("q", random(1, 1));
        inputs.put("k", random(2, 1));
        inputs.put("v", random(3, 1));
        inputs.put("mask", Array.of(mask, BATCH, 1, 1, LENGTH));
        float[] mixed = run(inputs, true);
        for (float value : mixed) {
            assertThat(value).isFinite();
        }
        int others = LENGTH * WIDTH;
        assertThat(Arrays.copyOfRange(mixed, others, mixed.length))
                .containsExactly(Arrays.copyOfRange(run(inputs, false), others, mixed.length), ROUNDED);
    }

    @Test
    void aMaskForEachQueryIsAdded() {
        float[] causal = new float[LENGTH * LENGTH];
        for (int i = 0; i < causal.length; i++) {
            causal[i] = i % LENGTH > i / LENGTH ? LOWEST : 0;
        }
        assertClose(1, Optional.of(Array.of(causal, 1, 1, LENGTH, LENGTH)));
    }

    /** Scores of thousands, whose exponentials overflow; the largest of each row takes nearly all. */
    @Test
    void largeScoresAreShifted() {
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("q", random(1, 4_096));
        inputs.put("k", random(2, 1));
        inputs.put("v", random(3, 1));
        for (float value : run(inputs, true)) {
            assertThat(value).isFinite().isBetween(-5f, 5f);
        }
    }
}
