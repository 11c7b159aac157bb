package dev.graft.serve;

import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Graph;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tiny bundles that differ: the logits of number n are those of the tiny bundle and n. */
final class TinyVersions {
    private TinyVersions() {}

    /** Writes bundle number n to a folder that is not there yet. */
    static void write(Path folder, int number) throws IOException {
        BundleContents some = TinyBundle.contents(Files.createTempDirectory("tiny-source"));
        Map<String, Array> weights = new LinkedHashMap<>(some.graph().weights());
        weights.computeIfPresent("bias", (name, bias) -> shifted(bias, number));
        Graph graph = some.graph().withWeights(weights);
        var examples = some.parity().examples().stream()
                .map(example -> new Parity.Example(
                        example.text(),
                        example.ids(),
                        example.outputs().stream().map(value -> value + number).toList()))
                .toList();
        BundleWriter.write(
                folder,
                new BundleContents(
                        some.task(),
                        some.labels(),
                        some.encoder(),
                        some.thresholds(),
                        graph,
                        some.tokenizer(),
                        some.config(),
                        some.provenance(),
                        new Parity(some.parity().tolerance(), examples),
                        some.scores(),
                        some.policy(),
                        some.report()));
    }

    private static Array shifted(Array bias, int number) {
        float[] values = bias.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] += number;
        }
        return Array.of(values, bias.shape());
    }
}
