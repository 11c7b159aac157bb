package dev.graft.cli;

import dev.graft.data.EncoderSettings;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.Rewrite;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tries the native libraries out: each loads, and multiplies two matrices if it can. */
final class NativeLibraries {
    private static final int SIZE = 1024;
    private static final int ROUNDS = 8;
    private static final String TOKENIZER =
            "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],\"normalizer\":null,"
                    + "\"pre_tokenizer\":{\"type\":\"Whitespace\"},\"post_processor\":null,\"decoder\":null,"
                    + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0,\"[UNK]\":1},\"unk_token\":\"[UNK]\"}}";

    private NativeLibraries() {}

    static Finding libtorch() {
        Rewrite asItIs = graph -> graph;
        try (Session session = new Torch(TorchSettings.defaults(), asItIs).prepare(product())) {
            String speed = speed(session);
            String algebra = System.getProperty("org.bytedeco.openblas.load", "");
            return algebra.startsWith("mkl")
                    ? Finding.good("libtorch", speed + " float32, with MKL")
                    : Finding.slow(
                            "libtorch",
                            speed + " float32, without MKL; a training step takes twice as long."
                                    + " Start Java with -Dorg.bytedeco.openblas.load=mkl");
        }
    }

    static Finding onnxRuntime() {
        try (Session session = new OrtRuntime().prepare(product())) {
            return Finding.good("ONNX Runtime", speed(session) + " float32");
        }
    }

    static Finding tokenizers() {
        try {
            Path file = Files.createTempFile("graft-tokenizer", ".json");
            try {
                Files.writeString(file, TOKENIZER);
                try (TextEncoder encoder = TextEncoder.open(EncoderSettings.of(8), file)) {
                    int tokens = encoder.encode(List.of("a a")).get(0).ids().length;
                    return Finding.good("tokenizers", "loaded; a trial text has " + tokens + " tokens");
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Graph product() {
        var square = new Dimension.Fixed(SIZE);
        return Graph.of(
                List.of(ValueInfo.of("a", ElementType.FLOAT, square, square)),
                List.of(ValueInfo.of("c", ElementType.FLOAT, square, square)),
                List.of(Node.of("MatMul", "b", "a", "a"), Node.of("MatMul", "c", "b", "a")),
                Map.of(),
                17);
    }

    private static String speed(Session session) {
        Map<String, Array> input = Map.of("a", Array.of(new float[SIZE * SIZE], SIZE, SIZE));
        session.run(input);
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            session.run(input);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double operations = 2.0 * ROUNDS * 2 * Math.pow(SIZE, 3);
        return String.format(Locale.ROOT, "%.0f GFLOP/s", operations / seconds / 1e9);
    }
}
