package dev.graft.cli;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A text encoder of two words, and labelled rows of them: what {@link TrainRehearsal} trains. */
final class RehearsalEncoder {
    private static final int WIDTH = 4;
    private static final int WORDS = 3;
    private static final int ROWS = 80;

    private RehearsalEncoder() {}

    /** Writes the encoder below a folder; the model's file, its tokenizer beside it. */
    static Path write(Path folder) throws IOException {
        Path model = folder.resolve("encoder.onnx");
        Onnx.write(graph(), model);
        RehearsalBundle.writeTokenizer(folder);
        return model;
    }

    /** Writes a table of texts that say yes and no, a label each. */
    static Path writeRows(Path folder) throws IOException {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int row = 0; row < ROWS; row++) {
            String word = row % 2 == 0 ? "yes" : "no";
            lines.add((word + " ").repeat(1 + row / 2) + "," + word);
        }
        return Files.write(folder.resolve("rows.csv"), lines);
    }

    /** Embeddings and a linear layer. */
    private static Graph graph() {
        Map<String, Array> weights = Map.of(
                "embeddings", numbers(WORDS, WIDTH),
                "weight", numbers(WIDTH, WIDTH),
                "bias", Array.of(new float[WIDTH], WIDTH));
        var rows = new Dimension.Symbol("batch");
        var length = new Dimension.Symbol("length");
        return Graph.of(
                List.of(
                        ValueInfo.of("input_ids", ElementType.INT64, rows, length),
                        ValueInfo.of("attention_mask", ElementType.INT64, rows, length)),
                List.of(ValueInfo.of("last_hidden_state", ElementType.FLOAT, rows, length, new Dimension.Fixed(WIDTH))),
                List.of(
                        Node.of("Gather", "tokens", "embeddings", "input_ids"),
                        Node.of("MatMul", "product", "tokens", "weight"),
                        Node.of("Add", "last_hidden_state", "product", "bias")),
                weights,
                17);
    }

    private static Array numbers(int rows, int columns) {
        float[] numbers = new float[rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.sin(i + 1.0);
        }
        return Array.of(numbers, rows, columns);
    }
}
