package dev.graft.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadedModelTest {
    private static final OrtRuntime RUNTIME = new OrtRuntime(OrtSettings.DEFAULT.withThreads(1));

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "BOOL"})
    void everyTypeGoesInAndOutUnchanged(ElementType type) {
        byte[] bits = new byte[(int) type.bytes(6)];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (type == ElementType.BOOL ? i & 1 : 17 * i + 3);
        }
        Array direct = Array.of(
                type, new long[] {2, 3}, Array.allocate(bits.length).put(bits).flip());
        Array heap = Array.of(type, new long[] {2, 3}, ByteBuffer.wrap(bits));
        try (LoadedModel identity = RUNTIME.prepare(unary("Identity", type, type))) {
            assertThat(identity.run(Map.of("x", direct))).containsEntry("y", direct);
            assertThat(identity.run(Map.of("x", heap))).containsEntry("y", direct);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void unsignedTypesComeOutAndAreRefusedGoingIn(ElementType type) {
        Graph cast = unary("Cast", ElementType.INT64, type)
                .withNodes(List.of(Node.of("Cast", "y", "x").with("to", new Attribute.Whole(type.code()))));
        try (LoadedModel model = RUNTIME.prepare(cast)) {
            Array counted = model.run(Map.of("x", Array.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3)))
                    .values()
                    .iterator()
                    .next();
            assertThat(counted.type()).isEqualTo(type);
            assertThat(counted.bytes().get(0)).isEqualTo((byte) 1);
        }
        try (LoadedModel model = RUNTIME.prepare(unary("Identity", type, type))) {
            Array array = Array.of(type, new long[] {1, 1}, ByteBuffer.allocate((int) type.bytes(1)));
            assertThatThrownBy(() -> model.run(Map.of("x", array)))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining(type.text());
        }
    }

    @Test
    void stringsGoInAndOut() {
        Array strings = Array.ofStrings(List.of("a", "", "ü€𝄞", "d"), 2, 2);
        try (LoadedModel identity = RUNTIME.prepare(unary("Identity", ElementType.STRING, ElementType.STRING))) {
            assertThat(identity.run(Map.of("x", strings))).containsEntry("y", strings);
        }
    }

    @Test
    void emptyArraysAndScalarsAreArrays() {
        try (LoadedModel identity = RUNTIME.prepare(unary("Identity", ElementType.FLOAT, ElementType.FLOAT))) {
            Array empty = Array.of(new float[0], 0, 3);
            assertThat(identity.run(Map.of("x", empty))).containsEntry("y", empty);
        }
        Graph scalar = Graph.of(
                List.of(ValueInfo.of("x", ElementType.FLOAT)),
                List.of(ValueInfo.of("y", ElementType.FLOAT)),
                List.of(Node.of("Neg", "y", "x")),
                Map.of(),
                17);
        try (LoadedModel negate = RUNTIME.prepare(scalar)) {
            assertThat(negate.run(Map.of("x", Array.scalar(2f)))).containsEntry("y", Array.scalar(-2f));
        }
    }

    @Test
    void everyWrongInputIsNamedWithWhatWasExpectedAndWhatCame() {
        try (LoadedModel model = RUNTIME.prepare(sum())) {
            Map<String, Array> inputs =
                    Map.of("b", Array.of(new long[] {1}, 1), "c", Array.scalar(1f), "d", Array.of(new float[2], 1, 2));
            assertThatThrownBy(() -> model.run(inputs))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("'a' is missing; expected float[batch,3]")
                    .hasMessageContaining("'b' is int64[1]; expected float[3]")
                    .hasMessageContaining("'c' is unknown")
                    .hasMessageContaining("'d' is unknown");
        }
    }

    @Test
    void aWrongSizeOrRankIsRefusedBeforeTheRun() {
        try (LoadedModel model = RUNTIME.prepare(sum())) {
            Array b = Array.of(new float[3], 3);
            assertThatThrownBy(() -> model.run(Map.of("a", Array.of(new float[8], 2, 4), "b", b)))
                    .hasMessageContaining("float[2,4]");
            assertThatThrownBy(() -> model.run(Map.of("a", Array.of(new float[3], 3), "b", b)))
                    .hasMessageContaining("float[3]");
        }
    }

    @Test
    void aNodeThatFailsIsNamed() {
        Graph gather = Graph.of(
                List.of(ValueInfo.of("x", ElementType.INT64, new Dimension.Symbol("n"))),
                List.of(ValueInfo.of("y", ElementType.FLOAT, new Dimension.Symbol("n"))),
                List.of(Node.of("Gather", "y", "table", "x").named("/embeddings/Gather")),
                Map.of("table", Array.of(new float[4], 4)),
                17);
        try (LoadedModel model = RUNTIME.prepare(gather)) {
            assertThatThrownBy(() -> model.run(Map.of("x", Array.of(new long[] {99}, 1))))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("node '/embeddings/Gather' (Gather)")
                    .hasMessageContaining("idx=99");
        }
    }

    @Test
    void aGraphThatTheRuntimeCannotLoadIsRefused() {
        Graph unknown = unary("Identity", ElementType.FLOAT, ElementType.FLOAT)
                .withNodes(List.of(Node.of("NoSuchOperator", "y", "x")));
        assertThatThrownBy(() -> RUNTIME.prepare(unknown))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("NoSuchOperator");
    }

    @Test
    void aFileIsRunWithoutBeingReadAsAGraph(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("sum.onnx");
        Onnx.write(sum(), file);
        try (LoadedModel model = RUNTIME.prepare(file)) {
            assertThat(model.inputs()).isEqualTo(sum().inputs());
            Array result = model.run(Map.of(
                            "a", Array.of(new float[] {1, 2, 3}, 1, 3), "b", Array.of(new float[] {10, 20, 30}, 3)))
                    .get("y");
            assertThat(result).isEqualTo(Array.of(new float[] {11, 22, 33}, 1, 3));
        }
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> RUNTIME.prepare(file))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("sum.onnx");
        assertThatThrownBy(() -> RUNTIME.prepare(folder.resolve("absent.onnx")))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void severalThreadsRunOneModel() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        try (LoadedModel model = RUNTIME.prepare(sum())) {
            List<Callable<Array>> runs = IntStream.range(0, 200)
                    .<Callable<Array>>mapToObj(i -> () -> model.run(
                                    Map.of("a", Array.of(new float[] {i, i, i}, 1, 3), "b", Array.of(new float[3], 3)))
                            .get("y"))
                    .collect(Collectors.toList());
            var results = pool.invokeAll(runs);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(Array.of(new float[] {i, i, i}, 1, 3));
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aClosedModelRefusesInsteadOfCrashing() {
        LoadedModel model = RUNTIME.prepare(sum());
        model.close();
        model.close();
        Map<String, Array> inputs = Map.of("a", Array.of(new float[3], 1, 3), "b", Array.of(new float[3], 3));
        assertThatThrownBy(() -> model.run(inputs)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingWaitsForRunsThatAreUnderWay() throws Exception {
        var pool = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 20; round++) {
            LoadedModel model = RUNTIME.prepare(sum());
            var runs = IntStream.range(0, 4)
                    .mapToObj(i -> pool.submit(() -> runUntilClosed(model)))
                    .toList();
            model.close();
            for (var run : runs) {
                run.get();
            }
        }
        pool.shutdown();
    }

    private static void runUntilClosed(LoadedModel model) {
        Map<String, Array> inputs = Map.of("a", Array.of(new float[3], 1, 3), "b", Array.of(new float[3], 3));
        try {
            while (true) {
                model.run(inputs);
            }
        } catch (IllegalStateException closed) {
            return;
        }
    }

    private static Graph sum() {
        return Graph.of(
                List.of(
                        ValueInfo.of("a", ElementType.FLOAT, new Dimension.Symbol("batch"), new Dimension.Fixed(3)),
                        ValueInfo.of("b", ElementType.FLOAT, new Dimension.Fixed(3))),
                List.of(ValueInfo.of("y", ElementType.FLOAT, new Dimension.Symbol("batch"), new Dimension.Fixed(3))),
                List.of(Node.of("Add", "y", "a", "b")),
                Map.of(),
                17);
    }

    private static Graph unary(String operator, ElementType from, ElementType to) {
        var shape = new Dimension[] {new Dimension.Symbol("rows"), new Dimension.Symbol("columns")};
        return Graph.of(
                List.of(ValueInfo.of("x", from, shape)),
                List.of(ValueInfo.of("y", to, shape)),
                List.of(Node.of(operator, "y", "x")),
                Map.of(),
                17);
    }
}
