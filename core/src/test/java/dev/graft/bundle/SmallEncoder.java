package dev.graft.bundle;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/** A bundle of the tiny bundle's words whose encoder has two products, a query's and a value's, with a bias each. */
public final class SmallEncoder {
    public static final int WIDTH = 6;
    /** The names of its products as adapters know them, and those of their weights. */
    public static final List<String> MODULES = List.of("encoder.layer.0.query", "encoder.layer.0.value");

    public static final List<String> WEIGHTS = List.of("w_query", "w_value");

    private SmallEncoder() {}

    public static Graph graph() {
        Random random = new Random(7);
        var weights = new LinkedHashMap<String, Array>();
        weights.put("embeddings", random(random, TinyBundle.WORDS.size(), WIDTH));
        weights.put("w_query", random(random, WIDTH, WIDTH));
        weights.put("b_query", random(random, WIDTH));
        weights.put("w_value", random(random, WIDTH, WIDTH));
        weights.put("b_value", random(random, WIDTH));
        weights.put("classifier.weight", random(random, TinyBundle.LABELS.size(), WIDTH));
        weights.put("classifier.bias", random(random, TinyBundle.LABELS.size()));
        weights.put("axis_1", Array.of(new long[] {1}, 1));
        weights.put("axis_2", Array.of(new long[] {2}, 1));
        var nodes = List.of(
                Node.of("Gather", "tokens", "embeddings", "input_ids"),
                Node.of("MatMul", "query", "tokens", "w_query").named("/encoder/layer.0/query/MatMul"),
                Node.of("Add", "query_biased", "b_query", "query").named("/encoder/layer.0/query/Add"),
                Node.of("Tanh", "active", "query_biased"),
                Node.of("MatMul", "value", "active", "w_value").named("/encoder/layer.0/value/MatMul"),
                Node.of("Add", "value_biased", "b_value", "value").named("/encoder/layer.0/value/Add"),
                Node.of("Cast", "mask", "attention_mask").with("to", new Attribute.Whole(1)),
                Node.of("Unsqueeze", "column", "mask", "axis_2"),
                Node.of("Mul", "kept", "value_biased", "column"),
                Node.of("ReduceSum", "total", "kept", "axis_1").with("keepdims", new Attribute.Whole(0)),
                Node.of("ReduceSum", "count", "column", "axis_1").with("keepdims", new Attribute.Whole(0)),
                Node.of("Div", "mean", "total", "count"),
                Node.of("Gemm", "logits", "mean", "classifier.weight", "classifier.bias")
                        .with("transB", new Attribute.Whole(1)));
        return Graph.of(List.of(ids("input_ids"), ids("attention_mask")), List.of(logits()), nodes, weights, 17);
    }

    private static ValueInfo logits() {
        return ValueInfo.of(
                "logits",
                ElementType.FLOAT,
                new Dimension.Symbol("batch"),
                new Dimension.Fixed(TinyBundle.LABELS.size()));
    }

    private static ValueInfo ids(String name) {
        return ValueInfo.of(name, ElementType.INT64, new Dimension.Symbol("batch"), new Dimension.Symbol("length"));
    }

    static Array random(Random random, int... shape) {
        int count = 1;
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            sizes[i] = shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Array.of(values, sizes);
    }

    /**
     * Writes the bundle to a folder that is not there yet.
     *
     * @param parity what the graph computes of texts
     */
    public static Path write(Path folder, Parity parity) throws IOException {
        BundleContents some = TinyBundle.contents(Files.createTempDirectory("small-encoder"));
        BundleWriter.write(
                folder,
                new BundleContents(
                        some.task(),
                        some.labels(),
                        some.encoder(),
                        some.thresholds(),
                        graph(),
                        some.tokenizer(),
                        some.config(),
                        some.provenance(),
                        parity,
                        some.scores(),
                        some.policy(),
                        some.report()));
        return folder;
    }
}
