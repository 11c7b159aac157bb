package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service says of several labels, of ordered labels and of numbers; the truth is computed by hand. */
class TargetsServedTest {
    private static final double CLOSE = 1e-5;
    private static final Map<String, Double> THRESHOLDS = Map.of("card", 0.3, "transfer", 0.95, "other", 0.5);
    /** {@code [CLS] card lost [SEP]}. */
    private static final float[] LOGITS = TinyBundle.logits(2, 4, 5, 3);

    @TempDir
    static Path folder;

    private static Running server;

    @BeforeAll
    static void start() throws IOException {
        BundleContents tiny = TinyBundle.contents(Files.createDirectory(folder.resolve("source")));
        Map<String, Path> bundles = new LinkedHashMap<>();
        bundles.put("topics", write("topics", tiny, TargetKind.MULTI_LABEL, TinyBundle.LABELS, THRESHOLDS));
        bundles.put("stars", write("stars", tiny, TargetKind.ORDINAL, TinyBundle.LABELS, Map.of()));
        bundles.put("score", write("score", tiny, TargetKind.REGRESSION, List.of("score"), Map.of()));
        server = Running.of(InferenceServer.start(bundles, Running.SETTINGS));
    }

    private static Path write(
            String name, BundleContents tiny, TargetKind kind, List<String> labels, Map<String, Double> thresholds) {
        int outputs = labels.size();
        List<Parity.Example> examples = tiny.parity().examples().stream()
                .map(example -> new Parity.Example(
                        example.text(), example.ids(), example.outputs().subList(0, outputs)))
                .toList();
        BundleWriter.write(
                folder.resolve(name),
                new BundleContents(
                        kind.task(),
                        labels,
                        tiny.encoder(),
                        thresholds,
                        first(tiny.graph(), outputs),
                        tiny.tokenizer(),
                        tiny.config(),
                        tiny.provenance(),
                        new Parity(tiny.parity().tolerance(), examples),
                        tiny.scores(),
                        tiny.policy(),
                        tiny.report()));
        return folder.resolve(name);
    }

    /** The graph with the first outputs alone. */
    private static Graph first(Graph graph, int outputs) {
        Map<String, Array> weights = new LinkedHashMap<>(graph.weights());
        weights.computeIfPresent(
                "weight", (name, all) -> Array.of(Arrays.copyOf(all.floats(), outputs * 4), outputs, 4));
        weights.computeIfPresent("bias", (name, all) -> Array.of(Arrays.copyOf(all.floats(), outputs), outputs));
        return graph.withOutputs(List.of(ValueInfo.of(
                        "logits", ElementType.FLOAT, new Dimension.Symbol("batch"), new Dimension.Fixed(outputs))))
                .withWeights(weights);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private static JsonNode predict(String model, String more) throws Exception {
        return Running.json(server.post("/models/" + model + "/predict", "{\"inputs\": \"card lost\"" + more + "}"));
    }

    private static JsonNode infer(String model, String output) throws Exception {
        JsonNode answer = Running.json(server.post(
                "/v2/models/" + model + "/infer",
                "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"card lost\"]}],"
                        + " \"outputs\": [{\"name\": \"" + output + "\"}]}"));
        assertThat(answer.at("/outputs/0/name").asText()).as("%s", answer).isEqualTo(output);
        return answer.at("/outputs/0");
    }

    @Test
    void severalLabelsHaveAProbabilityEach() throws Exception {
        JsonNode scores = predict("topics", "");
        assertThat(scores).hasSize(3);
        double last = 1;
        for (JsonNode score : scores) {
            int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(sigmoid(LOGITS[label]), within(CLOSE));
            assertThat(score.get("score").asDouble()).isLessThanOrEqualTo(last);
            last = score.get("score").asDouble();
        }
        for (JsonNode score : predict("topics", ", \"raw_scores\": true")) {
            int label = TinyBundle.LABELS.indexOf(score.get("label").asText());
            assertThat(score.get("score").asDouble()).isCloseTo(LOGITS[label], within(CLOSE));
        }
    }

    @Test
    void severalLabelsAreGivenByTheirThresholds() throws Exception {
        List<String> given = TinyBundle.LABELS.stream()
                .filter(label ->
                        sigmoid(LOGITS[TinyBundle.LABELS.indexOf(label)]) >= THRESHOLDS.getOrDefault(label, 2.0))
                .sorted((a, b) ->
                        Float.compare(LOGITS[TinyBundle.LABELS.indexOf(b)], LOGITS[TinyBundle.LABELS.indexOf(a)]))
                .toList();
        assertThat(given).isNotEmpty().hasSizeLessThan(3);
        assertThat(infer("topics", "label").at("/data/0").asText()).isEqualTo(String.join("; ", given));
        JsonNode probabilities = infer("topics", "probabilities");
        assertThat(probabilities.get("shape").toString()).isEqualTo("[1,3]");
        for (int i = 0; i < 3; i++) {
            assertThat(probabilities.at("/data/" + i).asDouble()).isCloseTo(sigmoid(LOGITS[i]), within(CLOSE));
        }
    }

    @Test
    void orderedLabelsAreAnsweredAsSingleOnes() throws Exception {
        double total = 0;
        int highest = 0;
        for (int i = 0; i < 3; i++) {
            total += Math.exp(LOGITS[i]);
            highest = LOGITS[i] > LOGITS[highest] ? i : highest;
        }
        JsonNode scores = predict("stars", "");
        assertThat(scores).hasSize(3);
        assertThat(scores.at("/0/label").asText()).isEqualTo(TinyBundle.LABELS.get(highest));
        assertThat(scores.at("/0/score").asDouble()).isCloseTo(Math.exp(LOGITS[highest]) / total, within(CLOSE));
        assertThat(infer("stars", "label").at("/data/0").asText()).isEqualTo(TinyBundle.LABELS.get(highest));
        assertThat(infer("stars", "logits").at("/data/2").asDouble()).isCloseTo(LOGITS[2], within(CLOSE));
    }

    @Test
    void aNumberIsTheScoreOfItsOneEntry() throws Exception {
        JsonNode scores = predict("score", "");
        assertThat(scores).hasSize(1);
        assertThat(scores.at("/0/label").asText()).isEqualTo("score");
        assertThat(scores.at("/0/score").asDouble()).isCloseTo(LOGITS[0], within(CLOSE));
        JsonNode label = infer("score", "label");
        assertThat(label.get("datatype").asText()).isEqualTo("BYTES");
        assertThat(Double.parseDouble(label.at("/data/0").asText())).isCloseTo(LOGITS[0], within(CLOSE));
        JsonNode logits = infer("score", "logits");
        assertThat(logits.get("shape").toString()).isEqualTo("[1,1]");
        assertThat(logits.at("/data/0").asDouble()).isCloseTo(LOGITS[0], within(CLOSE));
    }

    @Test
    void theMetadataNamesAsManyOutputsAsThereAre() throws Exception {
        JsonNode outputs = Running.json(server.get("/v2/models/score")).get("outputs");
        for (JsonNode output : outputs) {
            if (output.get("name").asText().equals("logits")) {
                assertThat(output.get("shape").toString()).isEqualTo("[-1,1]");
            }
        }
        assertThat(outputs).isNotEmpty();
    }
}
