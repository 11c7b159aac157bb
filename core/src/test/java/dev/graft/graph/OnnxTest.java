package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxTest {
    private static final Graph GRAPH = GraphText.parse("""
            g (float[N,32] x) => (float[N,32] y)
              <float[32,32] w = {...}, float[300] big = {...}, float[2] small = {1, 2}, string[1] s = {"text"}>
            { y = MatMul (x, w) }
            """);

    @TempDir
    Path folder;

    @Test
    void weightsStayInTheFile() {
        Graph graph = Onnx.read(Models.miniLm(folder));
        assertThat(graph.weights().values()).allMatch(array -> array.bytes().isDirect());
    }

    @Test
    void aModelBeyondTheLimitKeepsItsWeightsBeside() throws IOException {
        Path file = folder.resolve("model.onnx");
        Onnx.write(GRAPH, file, 2000);

        assertThat(files()).containsExactlyInAnyOrder("model.onnx", "model.onnx.data");
        assertThat(Files.size(file)).isLessThan(2000);
        assertThat(Files.size(folder.resolve("model.onnx.data"))).isEqualTo(4096 + 1200);
        assertThat(Onnx.read(file)).isEqualTo(GRAPH);
    }

    @Test
    void aModelThatIsReadWithItsWeightsBesideIsWrittenWhole() throws IOException {
        Path file = folder.resolve("model.onnx");
        Onnx.write(GRAPH, file, 2000);
        Graph graph = Onnx.read(file);
        Path whole = folder.resolve("whole.onnx");
        Onnx.write(graph, whole);
        Onnx.write(GRAPH, file);

        assertThat(Files.mismatch(whole, file)).isEqualTo(-1);
        assertThat(Onnx.read(whole)).isEqualTo(graph);
    }

    @Test
    void aModelCanReplaceTheFileThatItWasReadFrom() {
        Path file = folder.resolve("model.onnx");
        Onnx.write(GRAPH, file, 2000);
        Graph graph = Onnx.read(file);
        Onnx.write(graph, file, 2000);
        assertThat(Onnx.read(file)).isEqualTo(graph).isEqualTo(GRAPH);
    }

    @Test
    void nothingIsLeftWhereWritingFails() throws IOException {
        Path file = folder.resolve("taken");
        Files.createDirectories(file.resolve("inside"));
        assertThatThrownBy(() -> Onnx.write(GRAPH, file))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("cannot be written to");
        assertThat(files()).containsExactly("taken");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Onnx.write(GRAPH, folder.resolve("no/model.onnx")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("check that the folder is there");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 10, 20})
    void aFileIsReadTheSameThroughWindowsOfAnySize(int bits) throws IOException {
        Path file = folder.resolve("rich.onnx");
        Files.write(file, RichModel.bytes());
        try (Content content = Content.of(file, "rich", bits)) {
            Graph graph = ModelReader.read(Wire.of(content), ExternalData.none());
            assertThat(graph).isEqualTo(Onnx.read(file));
        }
    }

    @Test
    void aChangedWeightIsWrittenAndWhatElseTheFileSaidOfItIsKept() {
        Graph graph = Onnx.read(ByteBuffer.wrap(RichModel.bytes()), "rich.onnx");
        var weights = new LinkedHashMap<>(graph.weights());
        weights.put("w5", Array.of(new float[] {5, 6}, 2));
        weights.put("w1", Array.of(new float[] {7, 8}, 2));
        weights.put("sparse", Array.of(new float[6], 2, 3));
        byte[] bytes = RichModel.bytes(ModelWriter.model(graph.withWeights(weights), java.util.Optional.empty()));
        Graph again = Onnx.read(ByteBuffer.wrap(bytes), "again.onnx");

        assertThat(again.weights()).isEqualTo(weights);
        assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)).contains("kept");
    }

    @Test
    void aChangedAttributeIsWritten() {
        Graph graph = Onnx.read(ByteBuffer.wrap(RichModel.bytes()), "rich.onnx");
        Node changed =
                graph.nodes().get(0).with("documented", new Attribute.Whole(7)).in("");
        var nodes = new java.util.ArrayList<>(graph.nodes());
        nodes.set(0, changed);
        byte[] bytes = RichModel.bytes(ModelWriter.model(graph.withNodes(nodes), java.util.Optional.empty()));

        Node again = Onnx.read(ByteBuffer.wrap(bytes), "again.onnx").nodes().get(0);
        assertThat(again.whole("documented", 0)).isEqualTo(7);
        assertThat(again.wholes("packed", List.of())).containsExactly(1L, 2L, 3L);
        assertThat(again.is("Mystery")).isTrue();
    }

    @Test
    void whatTheRichModelHoldsIsRead() {
        Graph graph = Onnx.read(ByteBuffer.wrap(RichModel.bytes()), "rich.onnx");

        assertThat(graph.weights()).containsEntry("w2", Array.of(new long[] {1, 2, -1}, 3));
        assertThat(graph.weights()).containsEntry("w4", Array.ofStrings(List.of("a", "b"), 2));
        assertThat(graph.weights()).containsEntry("sparse", Array.of(new float[] {1, 0, 0, 0, 0, 2}, 2, 3));
        assertThat(graph.weights().get("w3")).hasToString("float16[1]");
        assertThat(graph.nodes().get(0).attributes())
                .containsEntry("untyped", new Attribute.Whole(0))
                .hasEntrySatisfying("bytes", value -> assertThat(value).isInstanceOf(Attribute.Opaque.class));
        assertThat(graph.inputs().get(0).shape())
                .contains(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(2), new Dimension.Unknown()));
        assertThat(graph.header().metadata()).isEqualTo(Map.of("author", "nobody", "key only", ""));
        assertThat(graph.opsets()).isEqualTo(Map.of("", 17L, "local", 1L));
    }

    @Test
    void arraysOfEveryTypedFieldAreRead() {
        assertThat(array(ElementType.DOUBLE, 10, ByteBuffer.wrap(new byte[16]))).hasToString("double[2]");
        assertThat(array(ElementType.COMPLEX64, 4, ByteBuffer.wrap(new byte[16])))
                .hasToString("complex64[2]");
        assertThat(array(ElementType.UINT64, 11, RichModel.packed(1, -1))
                        .bytes()
                        .getLong(8))
                .isEqualTo(-1);
        assertThat(array(ElementType.UINT32, 11, RichModel.packed(1, 4294967295L))
                        .bytes()
                        .getInt(4))
                .isEqualTo(-1);
        assertThat(array(ElementType.INT32, 5, RichModel.packed(1, -1)).longs()).containsExactly(1, -1);
        assertThat(array(ElementType.UINT8, 5, RichModel.packed(1, 255)).longs())
                .containsExactly(1, 255);
        assertThat(array(ElementType.BOOL, 5, RichModel.packed(1, 0)).longs()).containsExactly(1, 0);
        assertThat(array(ElementType.BFLOAT16, 5, RichModel.packed(1, 0x3f80))
                        .bytes()
                        .getShort(2))
                .isEqualTo((short) 0x3f80);
        assertThat(array(ElementType.INT4, 5, RichModel.packed(0x21)).bytes().remaining())
                .isEqualTo(1);
    }

    private static Array array(ElementType type, int field, ByteBuffer data) {
        byte[] bytes = RichModel.bytes(RichModel.message()
                .whole(1, 2)
                .whole(2, type.code())
                .bytes(field, data)
                .textAlways(8, "name"));
        NamedArray read = Onnx.tensor(ByteBuffer.wrap(bytes));
        assertThat(read.name()).isEqualTo("name");
        return read.array();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
