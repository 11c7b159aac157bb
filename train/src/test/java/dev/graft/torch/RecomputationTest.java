package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning that computes values once more on its way back is learning that keeps them, to the last bit. */
class RecomputationTest {
    private static final int STEPS = 3;
    private static final double DROPOUT = 0.1;
    private static final Optimizer SGD = new Optimizer(new UpdateRule.Sgd(0.9, false), 0, Set.of());

    static List<Family> families() {
        return Family.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyLearnsTheSame(Family family) {
        assertSame(family, Precision.FP32);
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyLearnsTheSameInBfloat16(Family family) {
        assertSame(family, Precision.BF16);
    }

    private static void assertSame(Family family, Precision precision) {
        Rewrite dropping = Fusion.standard().then(new InsertDropout(DROPOUT));
        Map<String, Array> kept = learned(family, precision, dropping, false);
        Map<String, Array> again = learned(family, precision, dropping, true);
        assertThat(again.keySet()).isEqualTo(kept.keySet());
        kept.forEach((name, weight) -> assertThat(again.get(name)).as(name).isEqualTo(weight));
    }

    private static Map<String, Array> learned(Family family, Precision precision, Rewrite rewrite, boolean again) {
        var settings =
                TorchSettings.defaults().withThreads(1).withPrecision(precision).withGradientCheckpointing(again);
        Graph graph = family.graph();
        Map<String, Array> inputs = family.inputs();
        try (Network network = new Torch(settings, rewrite).prepare(graph)) {
            String output = graph.outputs().get(0).name();
            Array target = zeros(Objects.requireNonNull(network.run(inputs).get(output)));
            Set<String> learning = new TreeSet<>(family.gradients().keySet());
            learning.removeAll(network.untrainable().keySet());
            network.trainable(learning);
            for (int step = 0; step < STEPS; step++) {
                network.learn(inputs, target, new Loss.MeanSquaredError(output), 1, step);
                network.step(SGD, name -> 0.01);
            }
            return network.weights();
        }
    }

    private static Array zeros(Array like) {
        return Array.of(ElementType.FLOAT, like.shape(), Array.allocate(4 * like.elements()));
    }

    /** A chain of exponentials, each of which keeps its result. */
    private static Graph chain(int nodes) {
        StringBuilder text = new StringBuilder("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[n,1024] x) => (float[n,1024] y) <float[1] w = {-3}> {
                  v0 = Mul (x, w)
                """);
        IntStream.range(0, nodes)
                .forEach(i -> text.append("  e%d = Exp (v%d)%n  v%d = Neg (e%d)%n".formatted(i, i, i + 1, i)));
        return GraphText.parse(
                text.append("  y = Identity (v%d)%n}".formatted(nodes)).toString());
    }

    @Test
    void aDeepNetworkKeepsAFractionOfItsValues() {
        Assumptions.assumeTrue(NativeMemory.now().isPresent(), "this JVM does not tell what is allocated");
        Graph graph = chain(50);
        long kept = activations(graph, false);
        long again = activations(graph, true);
        assertThat(kept).as("50 tensors of a MiB").isGreaterThan(45 << 20);
        assertThat(again).isLessThan(kept / 2);
    }

    /** The most of several measurements: what is freed meanwhile by others in this process makes one too small. */
    private static long activations(Graph graph, boolean again) {
        return LongStream.generate(() -> measured(graph, again)).limit(5).max().orElseThrow();
    }

    private static long measured(Graph graph, boolean again) {
        var settings = TorchSettings.defaults().withGradientCheckpointing(again);
        try (Network network = new Torch(settings, same -> same).prepare(graph)) {
            network.trainable(Set.of("w"));
            Array x = Array.of(new float[256 * 1024], 256, 1024);
            return Footprint.of(network, Map.of("x", x), x, new Loss.MeanSquaredError("y"), SGD)
                    .orElseThrow()
                    .activations();
        }
    }

    @Test
    void aValueThatIsReadFarAheadGathersAllThatComesBack() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[n,2] x) => (float[n,2] y) <float[2] w = {0.5, -0.25}> {
                  a = Mul (x, w)
                  b = Exp (a)
                  c = Exp (b)
                  d = Add (c, a)
                  e = Exp (d)
                  f = Add (e, a)
                  h = Mul (f, b)
                  i = Mul (h, w)
                  y = Add (i, a)
                }
                """);
        assertThat(learned(graph, true)).isEqualTo(learned(graph, false));
    }

    @Test
    void sequencesAreNotCutThrough() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[n,2] x) => (float[n,2] y) <float[2] w = {0.5, -0.25}> {
                  a = Mul (x, w)
                  s = SequenceConstruct (a)
                  t = SequenceInsert (s, a)
                  u = SequenceInsert (t, a)
                  v = SequenceInsert (u, a)
                  y = ConcatFromSequence <axis = 0> (v)
                }
                """);
        assertThat(learned(graph, true)).isEqualTo(learned(graph, false));
    }

    @Test
    void whatDependsOnNothingThatLearnsIsComputedOnce() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[n,2] x) => (float[n,2] y) <float[2] w = {0.5, -0.25}, float[2] still = {2, 3}> {
                  a = Mul (x, still)
                  b = Exp (a)
                  c = Mul (b, w)
                  d = Exp (c)
                  y = Neg (d)
                }
                """);
        try (Network network = new Torch(settings(true), same -> same).prepare(graph)) {
            network.trainable(Set.of("w"));
            var ran = new LinkedHashMap<String, Integer>();
            Array x = Array.of(new float[] {1, 2}, 1, 2);
            network.learn(
                    Map.of("x", x),
                    x,
                    new Loss.MeanSquaredError("y"),
                    (node, operands, results) -> ran.merge(node.output(), 1, Integer::sum));
            assertThat(ran).containsEntry("a", 1).containsEntry("b", 1).containsEntry("y", 1);
            assertThat(ran.get("c")).isEqualTo(2);
        }
    }

    private static Map<String, Array> learned(Graph graph, boolean again) {
        try (Network network = new Torch(settings(again), same -> same).prepare(graph)) {
            network.trainable(Set.of("w"));
            Array x = Array.of(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 2, 2);
            Array target =
                    zeros(Objects.requireNonNull(network.run(Map.of("x", x)).get("y")));
            network.learn(Map.of("x", x), target, new Loss.MeanSquaredError("y"), 0.5, 1);
            network.step(SGD, name -> 0.1);
            return network.weights();
        }
    }

    private static TorchSettings settings(boolean again) {
        return TorchSettings.defaults().withThreads(1).withGradientCheckpointing(again);
    }
}
