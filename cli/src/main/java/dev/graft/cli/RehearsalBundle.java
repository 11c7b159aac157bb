package dev.graft.cli;

import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.Provenance;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bundle of two words and two labels that all score 0: what {@link ServeRehearsal} serves. */
final class RehearsalBundle {
    private static final int WIDTH = 2;
    private static final int MAX_LENGTH = 8;

    /** Hugging Face's format. */
    private static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "yes": 1, "no": 2}, "unk_token": "[UNK]"}}
            """;

    private RehearsalBundle() {}

    /** Writes the bundle to a folder below {@code parent}. */
    static Path write(Path parent) throws IOException {
        Path tokenizer = writeTokenizer(parent);
        Path folder = parent.resolve("rehearsal");
        var parity = Parity.Example.of("yes", new int[] {1}, new float[] {0, 0});
        BundleWriter.write(
                folder,
                new BundleContents(
                        "text-classification",
                        List.of("yes", "no"),
                        EncoderSettings.of(MAX_LENGTH),
                        Map.of(),
                        graph(),
                        tokenizer,
                        Optional.empty(),
                        provenance(),
                        new Parity(Parity.TOLERANCE, List.of(parity)),
                        Map.of(),
                        "",
                        ""));
        return folder;
    }

    /** Writes a tokenizer of the two words to a folder. */
    static Path writeTokenizer(Path folder) throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
    }

    /** Embeddings, their mean, a linear layer. */
    private static Graph graph() {
        Map<String, Array> weights = Map.of(
                "embeddings", Array.of(new float[3 * WIDTH], 3, WIDTH),
                "weight", Array.of(new float[2 * WIDTH], 2, WIDTH));
        var rows = new Dimension.Symbol("batch");
        return Graph.of(
                List.of(ValueInfo.of("input_ids", ElementType.INT64, rows, new Dimension.Symbol("length"))),
                List.of(ValueInfo.of("logits", ElementType.FLOAT, rows, new Dimension.Fixed(2))),
                List.of(
                        Node.of("Gather", "tokens", "embeddings", "input_ids"),
                        Node.of("ReduceMean", "mean", "tokens")
                                .with("axes", new Attribute.Wholes(List.of(1L)))
                                .with("keepdims", new Attribute.Whole(0)),
                        Node.of("Gemm", "logits", "mean", "weight").with("transB", new Attribute.Whole(1))),
                weights,
                17);
    }

    private static Provenance provenance() {
        return new Provenance(
                "rehearsal",
                "2026-01-01T00:00:00Z",
                0,
                0,
                List.of(),
                new Provenance.Source("pretrained", "none", "0".repeat(64), ""),
                Provenance.Machine.current());
    }
}
