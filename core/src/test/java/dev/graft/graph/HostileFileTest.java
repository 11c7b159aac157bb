package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model file can get wrong, each with the message that it gets. */
class HostileFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("model.onnx");
    }

    @Test
    void aMissingFileIsNamed() {
        refused().hasMessageContaining("There is no model file").hasMessageContaining("check the path");
    }

    @Test
    void aFolderIsNoModel() throws IOException {
        Files.createDirectory(file);
        refused().hasMessageContaining("no file but a folder");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        Files.createFile(file);
        refused().hasMessageContaining("is empty");
    }

    @Test
    void aTextFileIsNoModel() throws IOException {
        Files.writeString(file, "text,label\nhello,1\n");
        refused().hasMessageContaining("no valid ONNX file");
    }

    @Test
    void aModelCutAnywhereIsRefused() throws IOException {
        byte[] whole = RichModel.bytes();
        Graph graph = Onnx.read(ByteBuffer.wrap(whole), "whole");
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(Onnx.read(ByteBuffer.wrap(cut), "cut").nodes()).isEqualTo(graph.nodes());
            } catch (GraphException e) {
                assertThat(e).hasMessageContaining("cut");
            }
        }
    }

    @Test
    void aModelWithoutAGraphIsNamed() throws IOException {
        write(RichModel.message().whole(1, 8));
        refused().hasMessageContaining("holds no graph");
    }

    @Test
    void twoGraphsAreRefused() throws IOException {
        write(RichModel.message().message(7, RichModel.message()).message(7, RichModel.message()));
        refused().hasMessageContaining("second graph");
    }

    @Test
    void aCycleIsNamedNodeByNode() throws IOException {
        graph(RichModel.message()
                .message(1, node("first", "c", "a"))
                .message(1, node("second", "a", "b"))
                .message(1, node("third", "b", "c")));
        refused()
                .hasMessageContaining("form a cycle")
                .hasMessageContaining(
                        "node 'second' (Relu) → node 'third' (Relu) → node 'first' (Relu) → node 'second' (Relu)");
    }

    @Test
    void aNodeThatReadsItselfIsACycle() throws IOException {
        graph(RichModel.message().message(1, node("self", "a", "a")));
        refused().hasMessageContaining("node 'self' (Relu) → node 'self' (Relu)");
    }

    @Test
    void nodesOutOfOrderAreSorted() throws IOException {
        graph(RichModel.message()
                .message(1, node("last", "b", "c"))
                .message(1, node("middle", "a", "b"))
                .message(1, node("first", "x", "a"))
                .message(11, RichModel.message().textAlways(1, "x")));
        assertThat(Onnx.read(file).nodes()).extracting(Node::name).containsExactly("first", "middle", "last");
    }

    @Test
    void aReadingOfNothingIsNamed() throws IOException {
        graph(RichModel.message().message(1, node("lonely", "nowhere", "y")));
        refused().hasMessageContaining("node 'lonely' (Relu) reads 'nowhere'");
    }

    @Test
    void aNodeWithoutAnOperatorIsRefused() throws IOException {
        graph(RichModel.message().message(1, RichModel.message().textAlways(3, "what")));
        refused().hasMessageContaining("node 'what' without an operator");
    }

    @Test
    void anAttributeThatIsSetTwiceIsNamed() throws IOException {
        Output attribute = RichModel.message().textAlways(1, "axis").whole(3, 1).whole(20, 2);
        graph(RichModel.message()
                .message(1, node("soft", "x", "y").message(5, attribute).message(5, attribute)));
        refused().hasMessageContaining("node 'soft' has attribute 'axis' twice");
    }

    @Test
    void twoWeightsOfOneNameAreRefused() throws IOException {
        graph(RichModel.message().message(5, tensor("w", 1)).message(5, tensor("w", 1)));
        refused().hasMessageContaining("two weights").hasMessageContaining("'w'");
    }

    @Test
    void twoVersionsOfOneOperatorSetAreRefused() throws IOException {
        write(RichModel.message()
                .message(7, RichModel.message())
                .message(8, Opset.write("", 17))
                .message(8, Opset.write("ai.onnx", 18)));
        refused().hasMessageContaining("versions 17 and 18");
    }

    @Test
    void aShapeBeyondTheFileIsRefusedBeforeAnythingIsAllocated() throws IOException {
        graph(RichModel.message().message(5, tensor("w", 1L << 40)));
        refused()
                .hasMessageContaining("weight 'w' is declared as float[1099511627776]")
                .hasMessageContaining("takes 4398046511104 bytes, but the file holds 4");
    }

    @Test
    void aShapeOfMoreElementsThanThereAreNumbersIsRefused() throws IOException {
        graph(RichModel.message().message(5, tensor("w", 1L << 40, 1L << 40)));
        refused().hasMessageContaining("more elements than there can be");
    }

    @Test
    void aNegativeSizeIsRefused() throws IOException {
        graph(RichModel.message().message(5, tensor("w", -4)));
        refused().hasMessageContaining("sizes are 0 or more");
    }

    @Test
    void anUnknownElementTypeIsNamed() throws IOException {
        graph(RichModel.message().message(5, RichModel.message().whole(2, 99).textAlways(8, "w")));
        refused().hasMessageContaining("weight 'w' has element type 99");
    }

    @Test
    void elementsThatAreMissingAreCounted() throws IOException {
        graph(RichModel.message()
                .message(
                        5,
                        RichModel.message()
                                .whole(1, 3)
                                .whole(2, 7)
                                .bytes(7, RichModel.packed(1, 2))
                                .textAlways(8, "w")));
        refused().hasMessageContaining("3 elements by its shape, but the file holds 2 in int64_data");
    }

    @Test
    void aSparseWeightThatWouldFillTheMemoryIsRefused() throws IOException {
        Output sparse = RichModel.message()
                .message(1, tensor("w", 1))
                .message(2, RichModel.message().whole(1, 1).whole(2, 7).bytes(7, RichModel.packed(0)))
                .whole(3, 1L << 32);
        graph(RichModel.message().message(15, sparse));
        refused().hasMessageContaining("sparse weight 'w'");
    }

    @Test
    void messagesNestedWithoutEndAreRefused() throws IOException {
        Output body = RichModel.message();
        for (int i = 0; i < 3000; i++) {
            Output attribute = RichModel.message().textAlways(1, "then_branch").message(6, body);
            body = RichModel.message()
                    .message(1, RichModel.message().textAlways(4, "If").message(5, attribute));
        }
        graph(body);
        refused().hasMessageContaining("nested more than 100 deep");
    }

    @Test
    void manyBodiesInAWideGraphAreCheckedInTime() throws IOException {
        Output body = RichModel.message();
        Output attribute = RichModel.message()
                .textAlways(1, "then_branch")
                .message(6, body)
                .whole(20, 5);
        Output graph = RichModel.message();
        for (int i = 0; i < 30_000; i++) {
            graph.message(
                    1,
                    RichModel.message()
                            .textAlways(2, "v" + i)
                            .textAlways(4, "If")
                            .message(5, attribute));
        }
        graph(graph);
        long start = System.nanoTime();
        assertThat(Onnx.read(file).nodes()).hasSize(30_000);
        assertThat((System.nanoTime() - start) / 1_000_000).as("milliseconds").isLessThan(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../secret.bin", "a/../../secret.bin", "", "..\\secret.bin", "C:\\secret"})
    void weightsOutsideTheFolderAreNeverOpened(String location) throws IOException {
        Files.write(folder.resolve("secret.bin"), new byte[4]);
        file = Files.createDirectory(folder.resolve("inner")).resolve("model.onnx");
        external(location, "0", "4");
        refused().hasMessageContaining("does not lie in the model's folder");
    }

    @Test
    void aLinkThatLeadsOutsideIsRefused() throws IOException {
        Files.write(folder.resolve("secret.bin"), new byte[4]);
        file = Files.createDirectory(folder.resolve("inner")).resolve("model.onnx");
        Files.createSymbolicLink(folder.resolve("inner/weights.bin"), folder.resolve("secret.bin"));
        external("weights.bin", "0", "4");
        refused().hasMessageContaining("does not lie in the model's folder");
    }

    @Test
    void linksIntoTheFolderOfTheRealModelAreFollowed() throws IOException {
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        file = blobs.resolve("0123");
        external("weights.bin", "0", "4");
        Files.write(blobs.resolve("4567"), new byte[4]);
        file = Files.createSymbolicLink(snapshot.resolve("model.onnx"), blobs.resolve("0123"));
        Files.createSymbolicLink(snapshot.resolve("weights.bin"), blobs.resolve("4567"));
        assertThat(Onnx.read(file).weights()).containsEntry("w", Array.of(new float[1], 1));
    }

    @Test
    void aMissingWeightFileIsNamed() throws IOException {
        external("model.data", "0", "4");
        refused()
                .hasMessageContaining("weight 'w' lies in the file 'model.data'")
                .hasMessageContaining("fetch that file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9223372036854775807", "-1", "x"})
    void aPlaceBeyondTheWeightFileIsRefused(String offset) throws IOException {
        Files.write(folder.resolve("model.data"), new byte[8]);
        external("model.data", offset, "4");
        refused().hasMessageContaining("weight 'w'").hasMessageContaining(offset);
    }

    @Test
    void aLengthThatIsNotTheShapesIsRefused() throws IOException {
        Files.write(folder.resolve("model.data"), new byte[800]);
        external("model.data", "0", "800");
        refused().hasMessageContaining("takes 4 bytes, but 800");
    }

    @Test
    void aModelFromMemoryHasNoFolder() {
        byte[] bytes = RichModel.bytes(RichModel.message().message(7, externalGraph("model.data", "0", "4")));
        assertThatThrownBy(() -> Onnx.read(ByteBuffer.wrap(bytes), "memory"))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("read it from its file");
    }

    private void external(String location, String offset, String length) throws IOException {
        graph(externalGraph(location, offset, length));
    }

    private static Output externalGraph(String location, String offset, String length) {
        Output tensor = RichModel.message()
                .whole(1, 1)
                .whole(2, 1)
                .textAlways(8, "w")
                .message(13, Entry.write("location", location))
                .message(13, Entry.write("offset", offset))
                .message(13, Entry.write("length", length))
                .whole(14, 1);
        return RichModel.message().message(5, tensor);
    }

    private static Output node(String name, String input, String output) {
        return RichModel.message()
                .textAlways(1, input)
                .textAlways(2, output)
                .textAlways(3, name)
                .textAlways(4, "Relu");
    }

    private static Output tensor(String name, long... shape) {
        Output tensor = RichModel.message();
        for (long size : shape) {
            tensor.whole(1, size);
        }
        return tensor.whole(2, 1).textAlways(8, name).bytes(9, RichModel.reals(1));
    }

    private void graph(Output graph) throws IOException {
        write(RichModel.message().whole(1, 8).message(7, graph).message(8, Opset.write("", 17)));
    }

    private void write(Output model) throws IOException {
        Files.write(file, RichModel.bytes(model));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused() {
        return assertThatThrownBy(() -> Onnx.read(file))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("model.onnx");
    }
}
