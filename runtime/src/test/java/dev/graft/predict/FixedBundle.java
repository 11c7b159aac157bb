package dev.graft.predict;

import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.Provenance;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Encoding;
import dev.graft.data.LabelSet;
import dev.graft.data.Table;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.Pretrained;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.run.Session;
import dev.graft.task.TextClassification;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A bundle that no training made: MiniLM with a random head over the example's labels. Its model has the same bytes on
 * every machine, so that what Python answers can be recorded once.
 */
final class FixedBundle {
    static final Path ROWS = Path.of("../examples/support.csv");

    private static final long SEED = 2026;
    /** Makes logits of about one out of the head's small first weights, so that labels differ. */
    private static final float WIDER = 50;

    private FixedBundle() {}

    /** Writes the bundle to the folder that is named, for {@code tools/check_bundle.py}. */
    public static void main(String[] arguments) {
        write(Path.of(arguments[0]));
    }

    static TextClassification task() {
        return TextClassification.from(Table.read(ROWS));
    }

    static void write(Path folder) {
        List<String> labels = LabelSet.of(task().examples()).names();
        Pretrained pretrained = new Hub(HubSettings.fromEnvironment().withOffline(true)).resolve("minilm");
        Graph graph = widened(
                new ClassifierHead(pretrained.pooling(), labels.size(), SEED).apply(Onnx.read(pretrained.model())));
        EncoderSettings settings = new EncoderSettings(128, pretrained.prefix());
        BundleWriter.write(
                folder,
                new BundleContents(
                        TextClassification.NAME,
                        labels,
                        settings,
                        Map.of(),
                        graph,
                        pretrained.tokenizer(),
                        Optional.empty(),
                        provenance(pretrained),
                        parity(graph, settings, pretrained.tokenizer()),
                        Map.of(),
                        "",
                        ""));
    }

    private static Graph widened(Graph graph) {
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.computeIfPresent(ClassifierHead.WEIGHT, (name, weight) -> {
            float[] values = weight.floats();
            for (int i = 0; i < values.length; i++) {
                values[i] *= WIDER;
            }
            return Array.of(values, weight.shape());
        });
        return graph.withWeights(weights);
    }

    private static Parity parity(Graph graph, EncoderSettings settings, Path tokenizer) {
        String text = "My card has not arrived.";
        try (TextEncoder encoder = TextEncoder.open(settings, tokenizer);
                Session session = new OrtRuntime().prepare(graph)) {
            Encoding encoding = encoder.encode(text);
            List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
            Map<String, Array> outputs = session.run(encoder.collate(List.of(encoding), inputs));
            float[] logits =
                    Objects.requireNonNull(outputs.get(ClassifierHead.LOGITS)).floats();
            return new Parity(Parity.TOLERANCE, List.of(Parity.Example.of(text, encoding.ids(), logits)));
        }
    }

    private static Provenance provenance(Pretrained pretrained) {
        var model = new Provenance.Source("pretrained", pretrained.name(), pretrained.digest(), pretrained.licence());
        return new Provenance(
                "development", "2026-01-01T00:00:00Z", 0, SEED, List.of(), model, Provenance.Machine.current());
    }
}
