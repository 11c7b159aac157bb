package dev.graft.bundle;

import dev.graft.data.EncoderSettings;
import dev.graft.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bundle is made of.
 *
 * @param task for example {@code text-classification}
 * @param labels in the order of the model's outputs
 * @param encoder how texts become tokens
 * @param thresholds least probability by label; may be empty
 * @param graph the tuned model
 * @param tokenizer a {@code tokenizer.json}
 * @param config the pretrained model's {@code config.json}, where there is one
 * @param scores a value that is written as JSON
 * @param policy YAML
 * @param report HTML
 */
public record BundleContents(
        String task,
        List<String> labels,
        EncoderSettings encoder,
        Map<String, Double> thresholds,
        Graph graph,
        Path tokenizer,
        Optional<Path> config,
        Provenance provenance,
        Parity parity,
        Object scores,
        String policy,
        String report) {
    public BundleContents {
        labels = List.copyOf(labels);
        thresholds = Map.copyOf(thresholds);
    }
}
