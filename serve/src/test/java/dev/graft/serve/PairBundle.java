package dev.graft.serve;

import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.TinyBundle;
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

/** The tiny bundle, reading pairs as BERT does: a token between the two, and a segment for each. */
final class PairBundle {
    /** What the second segment adds to a logit where all tokens are of it: the first column of the classifier. */
    private static final float[] SECOND = {-1.25f, 1, 0.5f};

    private static final String APART = """
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]""";
    private static final String TOGETHER = """
            "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 1}}]""";

    private PairBundle() {}

    static Path write(Path folder) throws IOException {
        BundleContents tiny = TinyBundle.contents(folder);
        Path tokenizer = Files.writeString(
                folder.resolve("pairs.json"), TinyBundle.tokenizer().replace(APART, TOGETHER));
        Path bundle = folder.resolve("pairs");
        BundleWriter.write(
                bundle,
                new BundleContents(
                        tiny.task(),
                        tiny.labels(),
                        tiny.encoder(),
                        tiny.thresholds(),
                        graph(),
                        tokenizer,
                        tiny.config(),
                        tiny.provenance(),
                        tiny.parity(),
                        tiny.scores(),
                        tiny.policy(),
                        tiny.report()));
        return bundle;
    }

    /** The tiny graph with the embedding of the segment added to that of the token. */
    private static Graph graph() {
        Graph tiny = TinyBundle.graph();
        var weights = new LinkedHashMap<>(tiny.weights());
        weights.put("segments", Array.of(new float[] {0, 0, 0, 0, 1, 0, 0, 0}, 2, 4));
        var nodes = new ArrayList<Node>();
        nodes.add(Node.of("Gather", "words", "embeddings", "input_ids"));
        nodes.add(Node.of("Gather", "places", "segments", "token_type_ids"));
        nodes.add(Node.of("Add", "tokens", "words", "places"));
        nodes.addAll(tiny.nodes().subList(1, tiny.nodes().size()));
        var inputs = new ArrayList<>(tiny.inputs());
        inputs.add(ValueInfo.of(
                "token_type_ids", ElementType.INT64, new Dimension.Symbol("batch"), new Dimension.Symbol("length")));
        return Graph.of(inputs, tiny.outputs(), nodes, weights, 17);
    }

    /** The logits of a pair, computed without any runtime. */
    static float[] logits(List<Integer> first, List<Integer> second) {
        var ids = new ArrayList<Integer>(List.of(2));
        ids.addAll(first);
        ids.add(3);
        ids.addAll(second);
        ids.add(3);
        float[] logits =
                TinyBundle.logits(ids.stream().mapToInt(Integer::intValue).toArray());
        for (int i = 0; i < logits.length; i++) {
            logits[i] += SECOND[i] * (second.size() + 1) / ids.size();
        }
        return logits;
    }
}
