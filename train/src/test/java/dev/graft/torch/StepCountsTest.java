package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step of learning takes, by counts: the same on every machine, unlike seconds. */
class StepCountsTest {
    private static final double DROPOUT = 0.1;
    private static final Family ENCODER = Family.all().stream()
            .filter(family -> family.toString().equals("bert-old-eager-opset14"))
            .findFirst()
            .orElseThrow();

    /** What the JVM itself may take or give back meanwhile. */
    private static final long NOISE = 3 << 20;

    /** Nodes that ran in a step, and the numbers that they made. */
    private record Counts(int nodes, long numbers) {}

    private static Network encoder(Precision precision) {
        var settings = TorchSettings.defaults().withThreads(1).withPrecision(precision);
        return new Torch(settings, Fusion.standard().then(new InsertDropout(DROPOUT))).prepare(ENCODER.graph());
    }

    private static Counts counts(Precision precision) {
        try (Network network = encoder(precision)) {
            String output = ENCODER.graph().outputs().get(0).name();
            Array like = Objects.requireNonNull(network.run(ENCODER.inputs()).get(output));
            Set<String> learning = new TreeSet<>(ENCODER.gradients().keySet());
            learning.removeAll(network.untrainable().keySet());
            network.trainable(learning);
            int[] nodes = {0};
            long[] numbers = {0};
            Array zeros = Array.of(ElementType.FLOAT, like.shape(), Array.allocate(4 * like.elements()));
            network.learn(ENCODER.inputs(), zeros, new Loss.MeanSquaredError(output), (node, operands, results) -> {
                nodes[0]++;
                results.forEach(shape -> numbers[0] += Arrays.stream(shape).reduce(1, Math::multiplyExact));
            });
            return new Counts(nodes[0], numbers[0]);
        }
    }

    @Test
    void twoBlocksAreSoManyFusedNodes() {
        try (Network network = encoder(Precision.FP32)) {
            assertThat(network.fusedNodes())
                    .isEqualTo(Map.of("Attention", 2L, "DropoutAdd", 4L, "Gelu", 2L, "LayerNorm", 5L, "Linear", 12L));
        }
    }

    @Test
    void aStepRunsSoManyNodesWithSoManyResults() {
        assertThat(counts(Precision.FP32)).isEqualTo(new Counts(40, 22_396));
        assertThat(counts(Precision.BF16)).isEqualTo(new Counts(66, 33_244));
    }

    private static ValueInfo any(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    /** Attention of a text to itself, after a factor that learns. */
    private static Graph attention() {
        Node node = Node.of(FusedOperators.ATTENTION, "y", "h", "h", "h")
                .in(FusedOperators.DOMAIN)
                .with("heads", new Attribute.Whole(2))
                .with("dropout", new Attribute.Real((float) DROPOUT));
        return Graph.of(
                        List.of(any("x")),
                        List.of(any("y")),
                        List.of(Node.of("Mul", "h", "x", "w"), node),
                        Map.of("w", Array.of(new float[] {1}, 1)),
                        17)
                .withOpset(FusedOperators.DOMAIN, FusedOperators.VERSION);
    }

    /** Of 14 MB of scores their softmax is kept, of 26 MB nothing; one example of the five has three times room for its own. */
    @ParameterizedTest
    @CsvSource({"600,1.75", "800,0.75"})
    void longAttentionKeepsOneTensorOfScoresOrNone(int tokens, double share) {
        Assumptions.assumeTrue(NativeMemory.now().isPresent(), "this JVM does not tell what is allocated");
        long scores = 4L * 5 * 2 * tokens * tokens;
        assertThat(LongStream.generate(() -> activations(tokens)).limit(3).min().orElseThrow())
                .as("of %d bytes of scores", scores)
                .isLessThan((long) (share * scores) + NOISE);
    }

    private static long activations(int tokens) {
        var torch = new Torch(TorchSettings.defaults().withThreads(1), same -> same);
        try (Network network = torch.prepare(attention())) {
            network.trainable(Set.of("w"));
            Array x = Array.of(new float[5 * tokens * 8], 5, tokens, 8);
            var inputs = new LinkedHashMap<>(Map.of("x", x));
            return Footprint.of(network, inputs, x, new Loss.MeanSquaredError("y"), Optimizer.adamW(0, Set.of()))
                    .orElseThrow()
                    .activations();
        }
    }
}
