package dev.graft.train;

import dev.graft.data.EncoderSettings;
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
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Split;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.task.TextClassification;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rows a second of a frozen pass of MiniLM over the texts of a file, as {@code --strategy head} makes it: the peer is
 * {@code frozen.py}, the limit in float32 {@code ort_limit.py}.
 *
 * <p>Arguments: the file, then {@code ort}, {@code fp32} or {@code bf16}, the number of rounds, the number of threads, the
 * tokens of a batch; by default bf16 3 2 1024. Tokenising is not counted, nor is making the graph ready.
 */
public final class FrozenPass {
    private FrozenPass() {}

    public static void main(String[] arguments) {
        String engine = arguments.length > 1 ? arguments[1] : "bf16";
        int rounds = whole(arguments, 2, 3);
        var workers = new Workers(whole(arguments, 3, 2), whole(arguments, 4, 1_024));
        TextClassification task = TextClassification.from(Table.read(Path.of(arguments[0])));
        Pretrained pretrained = new Hub(HubSettings.fromEnvironment()).resolve("minilm");
        LabelSet labels = LabelSet.of(task.examples());
        Graph headed = new ClassifierHead(pretrained.pooling(), labels.size(), 42).apply(Onnx.read(pretrained.model()));
        Graph prefix = Split.below(headed, Set.of(ClassifierHead.WEIGHT, ClassifierHead.BIAS))
                .orElseThrow()
                .prefix();
        List<String> inputs = prefix.inputs().stream().map(ValueInfo::name).toList();
        var settings = new EncoderSettings(EncoderSettings.of(128).maxLength(), pretrained.prefix());
        try (TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer());
                Session session = runtime(engine).prepare(prefix)) {
            var rows = new DistinctRows(List.of(new TextRows(task.examples(), labels, encoder, inputs)), inputs);
            for (int round = 0; round < rounds; round++) {
                print(engine, rows, seconds(prefix, session, rows, workers));
            }
        }
    }

    private static int whole(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static Runtime runtime(String engine) {
        TorchSettings one = TorchSettings.defaults().withThreads(1);
        return switch (engine) {
            case "ort" -> new OrtRuntime(OrtSettings.DEFAULT.withThreads(1));
            case "fp32" -> new Torch(one, Fusion.standard());
            case "bf16" -> new Torch(one.withPrecision(Precision.BF16), Fusion.standard())::freeze;
            default -> throw new IllegalArgumentException("There is no engine " + engine);
        };
    }

    private static double seconds(Graph prefix, Session session, DistinctRows rows, Workers workers) {
        FeatureCache none = FeatureCache.standard().withBytes(0);
        long start = System.nanoTime();
        var pass = new FrozenPrefix(prefix, "", () -> session, none, workers, Listener.NONE, () -> false);
        if (pass.over(rows).isEmpty()) {
            throw new IllegalStateException("The prefix does not give one vector a text");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String engine, DistinctRows rows, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "{\"graft\": \"frozen pass\", \"engine\": \"%s\", \"rows\": %d, \"tokens\": %d, \"seconds\": %.2f,"
                        + " \"rows_per_s\": %.0f}%n",
                engine,
                rows.size(),
                Arrays.stream(rows.lengths()).asLongStream().sum(),
                seconds,
                rows.size() / seconds);
    }
}
