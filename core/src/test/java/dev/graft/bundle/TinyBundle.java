package dev.graft.bundle;

import dev.graft.data.EncoderSettings;
import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A classifier of eight words, small enough that its outputs are computed here by hand. */
public final class TinyBundle {
    public static final List<String> LABELS = List.of("card", "transfer", "other");
    public static final List<String> WORDS =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "card", "lost", "money", "sent");

    private static final int WIDTH = 4;

    private TinyBundle() {}

    /** Embeddings, mean over the mask, linear layer. */
    public static Graph graph() {
        var weights = new LinkedHashMap<String, Array>();
        weights.put("embeddings", Array.of(embeddings(), WORDS.size(), WIDTH));
        weights.put("weight", Array.of(weight(), LABELS.size(), WIDTH));
        weights.put("bias", Array.of(new float[] {0.1f, -0.2f, 0f}, LABELS.size()));
        weights.put("axis_1", Array.of(new long[] {1}, 1));
        weights.put("axis_2", Array.of(new long[] {2}, 1));
        var nodes = List.of(
                Node.of("Gather", "tokens", "embeddings", "input_ids"),
                Node.of("Cast", "mask", "attention_mask").with("to", new Attribute.Whole(1)),
                Node.of("Unsqueeze", "column", "mask", "axis_2"),
                Node.of("Mul", "kept", "tokens", "column"),
                Node.of("ReduceSum", "total", "kept", "axis_1").with("keepdims", new Attribute.Whole(0)),
                Node.of("ReduceSum", "count", "column", "axis_1").with("keepdims", new Attribute.Whole(0)),
                Node.of("Div", "mean", "total", "count"),
                Node.of("Gemm", "logits", "mean", "weight", "bias").with("transB", new Attribute.Whole(1)));
        return Graph.of(
                List.of(ids("input_ids"), ids("attention_mask")),
                List.of(ValueInfo.of(
                        "logits",
                        ElementType.FLOAT,
                        new Dimension.Symbol("batch"),
                        new Dimension.Fixed(LABELS.size()))),
                nodes,
                weights,
                17);
    }

    private static ValueInfo ids(String name) {
        return ValueInfo.of(name, ElementType.INT64, new Dimension.Symbol("batch"), new Dimension.Symbol("length"));
    }

    private static float[] embeddings() {
        float[] values = new float[WORDS.size() * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((i * 7) % 13 - 6) / 8f;
        }
        return values;
    }

    private static float[] weight() {
        float[] values = new float[LABELS.size() * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((i * 5) % 11 - 5) / 4f;
        }
        return values;
    }

    /** The logits of token ids, computed without any runtime. */
    public static float[] logits(int... ids) {
        double[] mean = new double[WIDTH];
        for (int id : ids) {
            for (int j = 0; j < WIDTH; j++) {
                mean[j] += embeddings()[id * WIDTH + j] / ids.length;
            }
        }
        float[] logits = {0.1f, -0.2f, 0f};
        for (int label = 0; label < logits.length; label++) {
            double sum = logits[label];
            for (int j = 0; j < WIDTH; j++) {
                sum += mean[j] * weight()[label * WIDTH + j];
            }
            logits[label] = (float) sum;
        }
        return logits;
    }

    /** A word tokenizer in Hugging Face's format. */
    public static String tokenizer() {
        var vocabulary = new ArrayList<String>();
        var special = new ArrayList<String>();
        for (int i = 0; i < WORDS.size(); i++) {
            vocabulary.add("\"" + WORDS.get(i) + "\": " + i);
            if (WORDS.get(i).startsWith("[")) {
                special.add("{\"id\": " + i + ", \"content\": \"" + WORDS.get(i) + "\", \"single_word\": false,"
                        + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}");
            }
        }
        return """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s],
                 "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": {"type": "TemplateProcessing",
                  "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                             {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                  "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                  "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                     "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
                 "decoder": null, "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
                """.formatted(String.join(", ", special), String.join(", ", vocabulary));
    }

    /** What the bundle holds; the tokenizer is written into {@code folder} first. */
    public static BundleContents contents(Path folder) throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("source-tokenizer.json"), tokenizer());
        return new BundleContents(
                "text-classification",
                LABELS,
                EncoderSettings.of(16),
                Map.of("card", 0.5),
                graph(),
                tokenizer,
                Optional.empty(),
                provenance(),
                parity(),
                Map.of("accuracy", Map.of("value", 0.75, "low", 0.5, "high", 1.0)),
                "model: tiny\nseed: 42\n",
                "<!doctype html><title>Tiny</title>\n");
    }

    private static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "2026-11-21T12:00:00Z",
                1.5,
                42,
                List.of(new Provenance.Source("train", "tiny.csv", "0".repeat(64), "")),
                new Provenance.Source("pretrained", "tiny", "1".repeat(64), "Apache-2.0"),
                new Provenance.Machine("Linux", "amd64", 2, 1L << 30, "17"));
    }

    public static Parity parity() {
        return new Parity(
                Parity.TOLERANCE,
                List.of(
                        Parity.Example.of("Card lost", new int[] {2, 4, 5, 3}, logits(2, 4, 5, 3)),
                        Parity.Example.of("money sent unknown", new int[] {2, 6, 7, 1, 3}, logits(2, 6, 7, 1, 3))));
    }

    /** A bundle in a new folder below {@code parent}. */
    public static Path write(Path parent) throws IOException {
        Path folder = parent.resolve("tiny-bundle");
        BundleWriter.write(folder, contents(parent));
        return folder;
    }
}
