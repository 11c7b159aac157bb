package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.graph.GraphText;
import dev.graft.tensor.Array;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FootprintTest {
    private static final int ROWS = 1024;
    private static final int WIDTH = 4096;
    /** What the JVM itself may take or give back meanwhile. */
    private static final long NOISE = 3 << 20;

    /** Exp keeps its result for the way back, Neg keeps nothing. */
    private static final String NETWORK = """
            <ir_version: 8, opset_import: ["" : 17]>
            g (float[n,4096] x) => (float[n,4096] y)
            <float[4096] w> {
              a = Mul (x, w)
              b = Exp (a)
              c = Neg (b)
              d = Exp (c)
              y = Neg (d)
            }
            """;

    @BeforeEach
    void requireATalkingJvm() {
        Assumptions.assumeTrue(NativeMemory.now().isPresent(), "this JVM does not tell what native code has allocated");
    }

    private static Optional<Footprint> footprint() {
        String network = NETWORK.replace("<float[4096] w>", "<float[4096] w = {" + zeros() + "}>");
        return footprint(network, "x", "y", Set.of("w"));
    }

    private static Optional<Footprint> footprint(String text, String input, String output, Set<String> learning) {
        try (Network network = new Torch(TorchSettings.defaults(), same -> same).prepare(GraphText.parse(text))) {
            network.trainable(learning);
            Array rows = Array.of(new float[ROWS * WIDTH], ROWS, WIDTH);
            var loss = new Loss.MeanSquaredError(output);
            return Footprint.of(network, Map.of(input, rows), rows, loss, Optimizer.adamW(0, Set.of()));
        }
    }

    private static String zeros() {
        return "0" + ", 0".repeat(WIDTH - 1);
    }

    @Test
    void activationsAreWhatTheWayBackNeeds() {
        long tensor = 4L * ROWS * WIDTH;
        assertThat(footprint().orElseThrow().activations())
                .as("the input, both exponentials, and the result of the last node beside its operand")
                .isBetween(3 * tensor, 5 * tensor + NOISE);
    }

    /** Eight times a factor and an exponential, of which the way back needs what the factor read and what Exp gave. */
    private static long activationsOfEight(Set<String> learning) {
        StringBuilder text = new StringBuilder(
                "<ir_version: 8, opset_import: [\"\" : 17]>\ng (float[n,4096] h0) => (float[n,4096] h8)\n<");
        for (int i = 1; i <= 8; i++) {
            text.append(i == 1 ? "" : ", ").append("float[1] w" + i + " = {0}");
        }
        text.append("> {\n");
        for (int i = 1; i <= 8; i++) {
            text.append("  m%1$d = Mul (h%2$d, w%1$d)\n  h%1$d = Exp (m%1$d)\n".formatted(i, i - 1));
        }
        return footprint(text.append("}\n").toString(), "h0", "h8", learning)
                .orElseThrow()
                .activations();
    }

    @Test
    void whatLiesBelowTheLowestWeightThatLearnsIsNotKept() {
        long tensor = 4L * ROWS * WIDTH;
        assertThat(activationsOfEight(Set.of("w8")))
                .as("the input, the last layer's operand, product and result, and one more on its way")
                .isLessThan(5 * tensor + NOISE);
        assertThat(activationsOfEight(Set.of("w1", "w8")))
                .as("the input and every exponential")
                .isGreaterThan(9 * tensor - NOISE);
    }

    @Test
    void adamWRemembersTwiceWhatLearns() {
        Footprint footprint = footprint().orElseThrow();
        assertThat(footprint.gradients()).isEqualTo(4 * WIDTH);
        assertThat(footprint.optimizer()).isEqualTo(2 * 4 * WIDTH + 4);
        assertThat(footprint.seconds()).isPositive();
    }

    @Test
    void whatIsAllocatedIsCounted() {
        long before = NativeMemory.now().orElseThrow().allocated();
        try (Tensor taken = Tensors.empty(ScalarType.Float, 16 << 20)) {
            assertThat(NativeMemory.now().orElseThrow().allocated() - before).isCloseTo(taken.nbytes(), within(NOISE));
        }
        assertThat(NativeMemory.now().orElseThrow().peak())
                .isGreaterThanOrEqualTo(NativeMemory.now().orElseThrow().resident() / 2);
    }
}
