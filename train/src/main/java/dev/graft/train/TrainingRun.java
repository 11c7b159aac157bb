package dev.graft.train;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Example;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Predictions;
import dev.graft.eval.ScoreSheet;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.FitCheck;
import dev.graft.hub.Hub;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.task.Corpus;
import dev.graft.torch.Device;
import dev.graft.torch.Network;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One run, from rows to bundle; see {@link TrainingJob} for what can be asked for. */
final class TrainingRun {
    private final TrainingJob job;
    private final Policy policy;
    private final long start = System.nanoTime();

    TrainingRun(TrainingJob job) {
        this.job = job;
        this.policy = job.policy();
    }

    TrainingResult run() {
        BundleWriter.requireFree(job.output, job.replace);
        if (job.validationShare == 0) {
            throw new InputException("--validation-share must be more than 0: the best epoch is chosen by these rows");
        }
        int maxLength = EncoderSettings.of(job.recipe.maxLength()).maxLength();
        Optional<List<Example>> test = job.test.map(job.task::examples);
        Corpus corpus = Corpus.of(job.task, test, job.validationShare, job.testShare, job.seed);
        corpus.warnings().forEach(job.listener::warning);
        job.listener.stage(describe(corpus));
        Pretrained pretrained = new Hub(job.hub).resolve(job.model);
        Graph trunk = Onnx.read(pretrained.model());
        EncoderSettings settings = new EncoderSettings(maxLength, pretrained.prefix());
        try (TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer())) {
            FitCheck.check(
                    trunk, encoder.vocabularySize(), pretrained.tokenizer().toString());
            FitCheck.checkLength(trunk, maxLength);
            Graph graph = job.task
                    .head(pretrained.pooling(), corpus.labels().size(), job.seed)
                    .apply(trunk);
            return train(corpus, pretrained, encoder, graph);
        }
    }

    private TrainingResult train(Corpus corpus, Pretrained pretrained, TextEncoder encoder, Graph graph) {
        List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
        TextRows rows = new TextRows(corpus.split().train(), corpus.labels(), encoder, inputs);
        TextRows validation = new TextRows(corpus.split().validation(), corpus.labels(), encoder, inputs);
        TextRows test = new TextRows(corpus.split().test(), corpus.labels(), encoder, inputs);
        job.listener.stage(plan(graph, rows.size()));
        Map<String, Predictions> baselines = Baselines.predictions(corpus, rows, test);
        Checkpoints checkpoints = checkpoints(pretrained);
        Rewrite forTraining = Fusion.standard().then(new InsertDropout(policy.dropout()));
        TorchSettings settings = new TorchSettings(Device.CPU, job.threads, this::unpacking);
        try (Network network = new Torch(settings, forTraining).prepare(graph)) {
            History history = new Training(
                            network,
                            graph,
                            rows,
                            new RowsValidation(validation, policy.batchSize()),
                            policy,
                            checkpoints,
                            job.listener,
                            job.interrupted)
                    .run();
            job.listener.stage("scoring " + test.size() + " test rows beside the baselines");
            float[][] logits = Logits.of(network, test, policy.batchSize());
            Graph tuned = network.graph();
            var predictions = new Predictions(corpus.labels().names(), test.labels(), Logits.probabilities(logits));
            ScoreSheet sheet = ScoreSheet.of(predictions, baselines, policy.seed());
            double seconds = (System.nanoTime() - start) / 1e9;
            Path folder = new Publication(job, policy, corpus, pretrained, history, seconds)
                    .write(tuned, encoder.settings(), test, logits, sheet);
            checkpoints.delete();
            return new TrainingResult(Bundle.unverified(folder), sheet, history);
        }
    }

    private String plan(Graph graph, int rows) {
        long weights = policy.phases().stream()
                .flatMap(phase -> Selected.trainable(graph, phase.trainable()).stream())
                .distinct()
                .mapToLong(name ->
                        Objects.requireNonNull(graph.weights().get(name)).elements())
                .sum();
        int rowsOfAStep = policy.batchSize() * policy.gradientAccumulation();
        return String.format(
                Locale.ROOT,
                "plan: %s, %s fine-tuning of %.1f million weights; at most %d epochs of %d steps, %d rows a step, learning"
                        + " rate %s",
                job.model,
                job.strategy.spelled(),
                weights / 1e6,
                policy.epochs(),
                (rows + rowsOfAStep - 1) / rowsOfAStep,
                rowsOfAStep,
                job.recipe.learningRate());
    }

    private void unpacking(Path folder) {
        job.listener.stage("unpacking native libraries into " + folder + "; this happens once");
    }

    private Checkpoints checkpoints(Pretrained pretrained) {
        Path folder = job.output.resolveSibling(job.output.getFileName() + ".training");
        Checkpoints checkpoints = new Checkpoints(folder, fingerprint(pretrained), job.checkpointInterval);
        if (!job.resume) {
            checkpoints.delete();
        } else if (checkpoints.exist()) {
            job.listener.stage("going on with the run that is kept in " + folder);
        }
        return checkpoints;
    }

    /** A digest of everything that decides the course of the run, the number of threads apart. */
    private String fingerprint(Pretrained pretrained) {
        StringBuilder all = new StringBuilder();
        all.append(Digest.of(job.task.table().file())).append(job.task.columns());
        job.test.ifPresent(table -> all.append(Digest.of(table.file())));
        all.append(pretrained.digest()).append(policy).append(job.recipe);
        all.append(job.validationShare).append(' ').append(job.testShare);
        return Digest.of(all.toString());
    }

    private static String describe(Corpus corpus) {
        return corpus.labels().size() + " labels; " + corpus.split().train().size() + " rows to train on, "
                + corpus.split().validation().size() + " to choose the best epoch by, "
                + corpus.split().test().size() + " to test with";
    }
}
