package dev.graft.train;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.Provenance;
import dev.graft.data.EncoderSettings;
import dev.graft.data.LabelSet;
import dev.graft.data.LabelWords;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Report;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.FitCheck;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.KnownModel;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.task.TextClassification;
import dev.graft.torch.Device;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A classifier of labels alone, without rows to learn from or to score on: what is asked for, then {@link #run}. */
public final class ZeroShotJob {
    /** What such a bundle says instead of scores. */
    static final String UNSCORED =
            "Not scored: there were labels but no rows; graft evaluate scores the bundle on rows";

    private static final int PARITY_EXAMPLES = 8;

    private final LabelWords words;
    private String model = KnownModel.DEFAULT;
    private int maxLength = Recipe.DEFAULT.maxLength();
    private int threads = Runtime.getRuntime().availableProcessors();
    private Path output;
    private boolean replace;
    private HubSettings hub = HubSettings.fromEnvironment();
    private Listener listener = Listener.NONE;

    ZeroShotJob(LabelWords words) {
        this.words = words;
        String file = String.valueOf(words.file().getFileName());
        this.output = Path.of(file.replaceFirst("\\.[^.]+$", "") + "-model");
    }

    /** The pretrained model: a known name, a path, or {@code hf:owner/name}; the default is {@code minilm}. */
    public ZeroShotJob model(String name) {
        this.model = name;
        return this;
    }

    /** Tokens after which a text is cut; the default is 128. */
    public ZeroShotJob maxLength(int tokens) {
        this.maxLength = tokens;
        return this;
    }

    /** Threads within an operator; the default is all processors. */
    public ZeroShotJob threads(int count) {
        this.threads = count;
        return this;
    }

    /** The folder of the bundle; the default is the file's name with {@code -model}. */
    public ZeroShotJob output(Path folder) {
        this.output = folder;
        return this;
    }

    /** Whether a bundle that stands in the output folder may be replaced. */
    public ZeroShotJob replace(boolean allowed) {
        this.replace = allowed;
        return this;
    }

    /** Where pretrained models are looked for. */
    public ZeroShotJob hub(HubSettings settings) {
        this.hub = settings;
        return this;
    }

    /** Who is told what the run does. */
    public ZeroShotJob listener(Listener watcher) {
        this.listener = watcher;
        return this;
    }

    /**
     * Makes the head and writes the bundle.
     *
     * @throws dev.graft.InputException if labels, model or options are wrong
     */
    public Bundle run() {
        long start = System.nanoTime();
        BundleWriter.requireFree(output, replace);
        EncoderSettings checked = EncoderSettings.of(maxLength);
        LabelSet labels = words.labels();
        Pretrained pretrained = new Hub(hub).resolve(model);
        Graph trunk = Onnx.read(pretrained.model());
        var settings = new EncoderSettings(checked.maxLength(), pretrained.prefix());
        try (TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer())) {
            FitCheck.check(
                    trunk, encoder.vocabularySize(), pretrained.tokenizer().toString());
            FitCheck.checkLength(trunk, checked.maxLength());
            Graph headed = new ClassifierHead(pretrained.pooling(), labels.size(), 0).apply(trunk);
            Policy policy = Strategy.ZERO_SHOT.policy(Recipe.DEFAULT, Depths.of(headed), 0);
            listener.stage(
                    labels.size() + " labels and no rows; plan: " + model + ", strategy zero-shot: a head made of"
                            + " what the labels are called; nothing is trained or scored");
            LabelHead head = new LabelHead(policy.matching().orElseThrow(), torch());
            Graph graph = head.on(headed, encoder, words, labels);
            write(pretrained, labels, encoder, graph, start);
        }
        return Bundle.unverified(output);
    }

    private TorchSettings torch() {
        return new TorchSettings(
                Device.CPU,
                threads,
                Precision.FP32,
                folder -> listener.stage("unpacking native libraries into " + folder + "; this happens once"));
    }

    private void write(Pretrained pretrained, LabelSet labels, TextEncoder encoder, Graph graph, long start) {
        var provenance = provenance(pretrained, (System.nanoTime() - start) / 1e9);
        var contents = new BundleContents(
                TextClassification.NAME,
                labels.names(),
                encoder.settings(),
                Map.of(),
                graph,
                pretrained.tokenizer(),
                pretrained.config(),
                provenance,
                parity(labels, encoder, graph),
                Map.of("headline", UNSCORED),
                PolicyFile.of(words, model, maxLength, threads),
                Report.unscored(String.valueOf(output.getFileName()), UNSCORED, words.words()));
        if (replace) {
            BundleWriter.replace(output, contents);
        } else {
            BundleWriter.write(output, contents);
        }
    }

    /** The first labels' words as examples. */
    private Parity parity(LabelSet labels, TextEncoder encoder, Graph graph) {
        List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
        var rows = new TextRows(words.examples().stream().limit(PARITY_EXAMPLES).toList(), labels, encoder, inputs);
        try (Network network = new Torch(torch(), Fusion.standard()).prepare(graph)) {
            return Publication.parity(rows, Logits.of(network, rows, PARITY_EXAMPLES));
        }
    }

    private Provenance provenance(Pretrained pretrained, double seconds) {
        return new Provenance(
                Publication.version(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                seconds,
                0,
                List.of(Publication.source("labels", words.file())),
                new Provenance.Source("pretrained", pretrained.name(), pretrained.digest(), pretrained.licence()),
                Provenance.Machine.current());
    }
}
