package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A two-layer encoder whose training takes milliseconds a step, with a tokenizer of a hundred made-up words and rows
 * made of them.
 *
 * @param folder in which everything lies
 */
record TinyModel(Path folder) {
    private static final Path ENCODER =
            Path.of("../train/src/test/resources/families/bert-old-eager-opset17/model.onnx");
    private static final int WORDS = 100;
    private static final int SPECIAL = 4;
    private static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                         {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
              "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
              "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                 "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
             "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "[UNK]",
              "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, %s, "[MASK]": 104}}}
            """;

    static TinyModel in(Path folder) throws IOException {
        Files.copy(ENCODER, folder.resolve("encoder.onnx"));
        String words = IntStream.range(0, WORDS)
                .mapToObj(word -> "\"w" + word + "\": " + (word + SPECIAL))
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER.formatted(words));
        return new TinyModel(folder);
    }

    Path encoder() {
        return folder.resolve("encoder.onnx");
    }

    /** A file of rows whose label is told by one word in five to twelve. */
    Path rows(int count) throws IOException {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        Random random = new Random(7);
        for (int row = 0; row < count; row++) {
            int label = row % 3;
            List<String> words = new ArrayList<>(List.of("w" + label));
            for (int i = random.nextInt(8) + 4; i > 0; i--) {
                words.add("w" + (3 + random.nextInt(WORDS - 3)));
            }
            lines.add(String.join(" ", words) + ",label " + label);
        }
        return Files.write(folder.resolve("rows-" + count + ".csv"), lines);
    }
}
