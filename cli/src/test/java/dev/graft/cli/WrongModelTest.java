package dev.graft.cli;

import dev.graft.bundle.TinyBundle;
import dev.graft.graph.GraphText;
import dev.graft.graph.Onnx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a pretrained model, each with the message that {@code train} and {@code inspect} give. */
class WrongModelTest {
    private static final Path SMALL = Path.of("../train/src/test/resources/families/bert-old-eager-opset14/model.onnx");
    private static final long ABSURD = 1L << 40;

    @TempDir
    Path folder;

    @BeforeEach
    void writeRows() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        Files.writeString(folder.resolve("tokenizer.json"), TinyBundle.tokenizer());
    }

    @Test
    void aModelCutInHalfIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(SMALL);
        isRefused(Arrays.copyOf(whole, whole.length / 2), "m.onnx", "is no valid ONNX file");
    }

    @Test
    void aCycleIsNamedNodeByNode() throws IOException {
        isRefused(
                model(bytes(bytes(node("first", "b", "a"), 1), bytes(node("second", "a", "b"), 1))),
                "form a cycle",
                "node 'second' (Relu) → node 'first' (Relu) → node 'second' (Relu)");
    }

    @Test
    void aTensorOfAbsurdSizeIsRefused() throws IOException {
        byte[] tensor = bytes(number(1, ABSURD), number(2, 1), text(8, "w"), text(9, ""));
        isRefused(model(bytes(tensor, 5)), "'w'", String.valueOf(ABSURD));
    }

    @Test
    void aMissingExternalFileIsNamed() throws IOException {
        isRefused(model(external("weights.bin")), "weights.bin");
    }

    @Test
    void anExternalFileOutsideOfTheFolderIsRefused() throws IOException {
        Files.write(folder.resolve("secret"), new byte[4]);
        isRefused(model(external("../" + folder.getFileName() + "/secret")), "'w'", "../");
        isRefused(model(external("/etc/passwd")), "'w'", "/etc/passwd");
    }

    @Test
    void aMissingModelIsNamed() {
        train("none.onnx").isRefusedWith("none.onnx");
    }

    @Test
    void aMissingTokenizerIsNamed() throws IOException {
        Files.copy(SMALL, Files.createDirectory(folder.resolve("alone")).resolve("m.onnx"));
        train("alone/m.onnx").isRefusedWith("tokenizer.json");
    }

    @Test
    void aBrokenTokenizerIsNamed() throws IOException {
        Files.copy(SMALL, folder.resolve("m.onnx"));
        for (String content : new String[] {"", "{", "[1]", "{}", "{\"model\": {\"type\": \"Unknown\"}}"}) {
            Files.writeString(folder.resolve("tokenizer.json"), content);
            train("m.onnx").isRefusedWith("tokenizer.json");
        }
    }

    @Test
    void aTokenizerThatDoesNotFitIsRefused() throws IOException {
        Files.copy(SMALL, folder.resolve("m.onnx"));
        String large = TinyBundle.tokenizer().replace("\"sent\": 7", "\"sent\": 70000");
        Files.writeString(folder.resolve("tokenizer.json"), large);
        train("m.onnx").isRefusedWith("does not fit the model: its ids go up to 70000", "take the tokenizer.json that");
    }

    /** Loads libtorch. */
    @Tag("slow")
    @Test
    void moreMemoryThanThereIsSuggestsASmallerBatch() throws IOException {
        encoder("int64[3] times = {8388608, 8388608, 1}", """
                many = Tile (tokens, times)
                last_hidden_state = ReduceMax <axes = [0, 1]> (many)
                """);
        train("m.onnx")
                .isRefusedWith(
                        "node 'many' (Tile) of ",
                        "m.onnx asks for",
                        "more than half of this machine's memory holds; use a smaller batch");
    }

    /** Loads libtorch. */
    @Tag("slow")
    @Test
    void aNodeThatCannotRunIsNamedWithItsFile() throws IOException {
        encoder("int64[1] nine = {900}", "last_hidden_state = Gather (tokens, nine)");
        train("m.onnx").isRefusedWith("node 'last_hidden_state' (Gather) of ", "m.onnx", "out of range");
        encoder("int64 zero = {0}", """
                none = Div (input_ids, zero)
                real = Cast <to = 1> (none)
                last_hidden_state = Add (tokens, real)
                """);
        train("m.onnx").isRefusedWith("node 'none' (Div) of ", "m.onnx divides a whole number by zero");
        encoder("int64 zero = {0}", "last_hidden_state = Softmax <axis = \"last\"> (tokens)");
        train("m.onnx")
                .isRefusedWith("m.onnx", "'last_hidden_state' (Softmax)", "'axis' of kind string; int is expected");
        encoder("int64 zero = {0}", "last_hidden_state = Add (tokens)");
        train("m.onnx").isRefusedWith("node 'last_hidden_state' (Add) of ", "m.onnx needs operand 1");
        encoder("int64[2] shape = {-7, 4}", "last_hidden_state = Reshape (tokens, shape)");
        train("m.onnx").isRefusedWith("node 'last_hidden_state' (Reshape) of ", "m.onnx", "negative size");
    }

    /** An encoder of two numbers a token, from {@code tokens} to {@code last_hidden_state}. */
    private void encoder(String weight, String nodes) {
        Onnx.write(GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                encoder (int64[batch,length] input_ids, int64[batch,length] attention_mask)
                    => (float[batch,length,2] last_hidden_state)
                <float[8,2] table = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16}, %s>
                {
                    tokens = Gather (table, input_ids)
                    %s
                }
                """.formatted(weight, nodes)), folder.resolve("m.onnx"));
    }

    private void isRefused(byte[] model, String... parts) throws IOException {
        Files.write(folder.resolve("m.onnx"), model);
        train("m.onnx").isRefusedWith(parts);
        Ran.in(folder, "inspect @m.onnx").isRefusedWith(parts);
    }

    private Ran train(String model) {
        return Ran.in(folder, "train @rows.csv --strategy full --output @model --max-length 16 --model @" + model);
    }

    private static byte[] model(byte[] graph) {
        return bytes(number(1, 8), bytes(bytes(text(1, ""), number(2, 17)), 8), bytes(graph, 7));
    }

    private static byte[] node(String name, String input, String output) {
        return bytes(text(1, input), text(2, output), text(3, name), text(4, "Relu"));
    }

    /** A graph of one weight of one number in another file. */
    private static byte[] external(String file) {
        byte[] location = bytes(text(1, "location"), text(2, file));
        return bytes(bytes(number(1, 1), number(2, 1), text(8, "w"), bytes(location, 13), number(14, 1)), 5);
    }

    /** A protobuf field of bytes. */
    private static byte[] bytes(byte[] content, int field) {
        return bytes(variable((long) field << 3 | 2), variable(content.length), content);
    }

    private static byte[] text(int field, String content) {
        return bytes(content.getBytes(StandardCharsets.UTF_8), field);
    }

    private static byte[] number(int field, long value) {
        return bytes(variable((long) field << 3), variable(value));
    }

    private static byte[] variable(long value) {
        var bytes = new ByteArrayOutputStream();
        long rest = value;
        for (; rest >>> 7 != 0; rest >>>= 7) {
            bytes.write((int) (rest & 0x7F | 0x80));
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }

    private static byte[] bytes(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
