package dev.graft.serve;

import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.TinyBundle;
import dev.graft.graph.Attribute;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** The tiny bundle, adding up millions of numbers before it gives the same answers: a batch takes tens of milliseconds. */
final class SlowBundle {
    private static final long NUMBERS = 5_000_000;
    private static final int ROUNDS = 10;

    private SlowBundle() {}

    static Path write(Path folder) throws IOException {
        BundleContents tiny = TinyBundle.contents(folder);
        Path bundle = folder.resolve("slow");
        BundleWriter.write(
                bundle,
                new BundleContents(
                        tiny.task(),
                        tiny.labels(),
                        tiny.encoder(),
                        tiny.thresholds(),
                        graph(),
                        tiny.tokenizer(),
                        tiny.config(),
                        tiny.provenance(),
                        tiny.parity(),
                        tiny.scores(),
                        tiny.policy(),
                        tiny.report()));
        return bundle;
    }

    private static Graph graph() {
        Graph tiny = TinyBundle.graph();
        var weights = new LinkedHashMap<>(tiny.weights());
        weights.put("many", Array.of(new long[] {NUMBERS}, 1));
        weights.put("nothing", Array.of(new float[] {0}, 1));
        var nodes = new ArrayList<>(tiny.nodes().subList(0, tiny.nodes().size() - 1));
        nodes.add(Node.of("Gemm", "soon", "mean", "weight", "bias").with("transB", new Attribute.Whole(1)));
        nodes.add(Node.of("ReduceMax", "one_0", "soon").with("keepdims", new Attribute.Whole(0)));
        for (int i = 0; i < ROUNDS; i++) {
            nodes.add(Node.of("Expand", "numbers_" + i, "one_" + i, "many"));
            nodes.add(Node.of("ReduceMean", "one_" + (i + 1), "numbers_" + i).with("keepdims", new Attribute.Whole(1)));
        }
        nodes.add(Node.of("Mul", "zero", "one_" + ROUNDS, "nothing"));
        nodes.add(Node.of("Add", "logits", "soon", "zero"));
        return Graph.of(tiny.inputs(), tiny.outputs(), nodes, weights, 17);
    }
}
