package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.MixedPrecision;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs on libtorch that answer and never learn. */
class FrozenNetworkTest {
    /** Of two products of numbers around one, each rounded to eight bits. */
    private static final Offset<Float> ROUNDED = Offset.offset(0.05f);

    private static final int WIDTH = 256;

    /** What the Java heap and the allocator may grow by; a fifth of what one tensor would take that each run left behind. */
    private static final long SLACK = 256L << 20;

    @TempDir
    Path folder;

    /** Two products with a sum and a step between them. */
    private static Graph graph() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n,l,256] x, float wide, float bias, float head) => (float[n,l,2] y)
                {
                  h = MatMul (x, wide)
                  b = Add (h, bias)
                  r = Relu (b)
                  p = MatMul (r, head)
                  y = Identity (p)
                }
                """);
        return graph.with(block -> block.withInputs(block.inputs().subList(0, 1))
                .withWeights(Map.of(
                        "wide", weight(WIDTH, WIDTH),
                        "bias", weight(WIDTH),
                        "head", weight(WIDTH, 2))));
    }

    private static Array weight(int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7 % 11 - 5) / 64f;
        }
        return Array.of(values, Arrays.stream(shape).asLongStream().toArray());
    }

    private static Torch torch(Precision precision) {
        return new Torch(TorchSettings.defaults().withThreads(1).withPrecision(precision), Fusion.standard());
    }

    private static Map<String, Array> input(int rows, int length) {
        float[] values = new float[rows * length * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 5 % 13 - 6) / 8f;
        }
        return Map.of("x", Array.of(values, rows, length, WIDTH));
    }

    private static float[] run(Session session, Map<String, Array> input) {
        return OneNode.value(session.run(input), "y").floats();
    }

    @Test
    void aFrozenNetworkComputesWhatTheNetworkDoes() {
        for (Precision precision : Precision.values()) {
            try (Session network = torch(precision).prepare(graph());
                    Session frozen = torch(precision).freeze(graph())) {
                assertThat(run(frozen, input(3, 5))).containsExactly(run(network, input(3, 5)));
            }
        }
    }

    @Test
    void whatIsRoundedIsCloseToWhatIsNot() {
        try (Session exact = torch(Precision.FP32).freeze(graph());
                Session rounded = torch(Precision.BF16).freeze(graph())) {
            float[] expected = run(exact, input(2, 3));
            assertThat(run(rounded, input(2, 3)))
                    .containsExactly(expected, ROUNDED)
                    .isNotEqualTo(expected);
        }
    }

    @Test
    void weightsAreHeldOnceInTheTypeInWhichTheyAreRead() {
        Graph narrow = new MixedPrecision().apply(Fusion.standard().apply(graph()));
        Program whole = Program.of(narrow.main(), Binding.of(narrow, Operators.standard()));
        FrozenProgram frozen = FrozenProgram.of(whole, narrow, false);
        assertThat(frozen.program().steps())
                .noneMatch(step -> FrozenProgram.narrows(step.node())
                        && whole.constants().containsKey(step.operands().get(0)));
        assertThat(frozen.narrowed().values()).contains(narrow.weights().get("wide"));
        assertThat(frozen.constants().values()).doesNotContain(narrow.weights().get("wide"));
    }

    @Test
    void noRowsAreNoRows() {
        try (Session frozen = torch(Precision.BF16).freeze(graph())) {
            assertThat(run(frozen, input(0, 3))).isEmpty();
            assertThat(run(frozen, input(3, 0))).isEmpty();
        }
    }

    @Test
    void theModelsFileIsNotHeld() throws IOException {
        Path file = folder.resolve("model.onnx");
        Onnx.write(graph(), file);
        try (Session frozen = torch(Precision.BF16).freeze(Onnx.read(file))) {
            float[] before = run(frozen, input(1, 2));
            try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                cut.truncate(0);
            }
            assertThat(run(frozen, input(1, 2))).isEqualTo(before);
        }
    }

    @Test
    void aGraphThatWouldNotBeComputedInBfloat16IsRefused() {
        Graph plain = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15]>
                g (float[n] x) => (float[n] y) { y = Relu (x) }
                """);
        assertThatThrownBy(() -> torch(Precision.BF16).freeze(plain))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Nothing of the graph would be computed in bf16")
                .hasMessageContaining("take fp32");
        torch(Precision.FP32).freeze(plain).close();
    }

    @Test
    void inputsThatDoNotFitAreNamed() {
        try (Session frozen = torch(Precision.BF16).freeze(graph())) {
            assertThatThrownBy(() -> frozen.run(Map.of()))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("Input 'x' is missing");
            assertThatThrownBy(() -> frozen.run(Map.of("x", Array.of(new float[4], 2, 2))))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("Input 'x' must be float[n,l,256]");
        }
    }

    @Test
    void aClosedNetworkRefusesInsteadOfCrashing() {
        Session frozen = torch(Precision.BF16).freeze(graph());
        frozen.close();
        frozen.close();
        assertThatThrownBy(() -> frozen.run(input(1, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingWaitsForRunsThatAreUnderWay() throws Exception {
        Graph graph = graph();
        var pool = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 20; round++) {
            Session frozen = torch(Precision.BF16).freeze(graph);
            var runs = IntStream.range(0, 4)
                    .mapToObj(i -> pool.submit(() -> runUntilClosed(frozen)))
                    .toList();
            frozen.close();
            for (var run : runs) {
                run.get();
            }
        }
        pool.shutdown();
    }

    private static void runUntilClosed(Session frozen) {
        try {
            while (true) {
                run(frozen, input(2, 3));
            }
        } catch (IllegalStateException closed) {
            return;
        }
    }

    @Test
    void severalThreadsGetTheSame() throws Exception {
        var pool = Executors.newFixedThreadPool(4);
        try (Session frozen = torch(Precision.BF16).freeze(graph())) {
            float[] expected = run(frozen, input(4, 7));
            var runs = IntStream.range(0, 200)
                    .mapToObj(i -> pool.submit(() -> run(frozen, input(4, 7))))
                    .toList();
            for (var run : runs) {
                assertThat(run.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void memoryDoesNotGrowWithRunsAndShapes() {
        List<Map<String, Array>> inputs =
                IntStream.range(0, 60).mapToObj(i -> input(8 + i % 32, 1 + i)).toList();
        try (Session frozen = torch(Precision.BF16).freeze(graph())) {
            inputs.forEach(frozen::run);
            long before = Pointer.physicalBytes();
            for (int i = 0; i < 3_000; i++) {
                run(frozen, inputs.get(i % inputs.size()));
            }
            assertThat(Pointer.physicalBytes() - before).isLessThan(SLACK);
        }
    }

    @Test
    void closingFreesTheWeights() {
        Graph wide = graph().withWeights(Map.of(
                "wide", weight(WIDTH, 20 * WIDTH),
                "bias", weight(20 * WIDTH),
                "head", weight(20 * WIDTH, 2)));
        Torch torch = torch(Precision.BF16);
        Map<String, Array> input = input(1, 1);
        torch.freeze(wide).close();
        long before = Pointer.physicalBytes();
        for (int i = 0; i < 500; i++) {
            try (Session frozen = torch.freeze(wide)) {
                run(frozen, input);
            }
        }
        assertThat(Pointer.physicalBytes() - before).isLessThan(SLACK);
    }
}
