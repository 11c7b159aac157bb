package dev.graft.train;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Example;
import dev.graft.data.LabelWords;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Predictions;
import dev.graft.eval.ScoreSheet;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.FitCheck;
import dev.graft.hub.Hub;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.task.Corpus;
import dev.graft.tensor.Array;
import dev.graft.torch.Device;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run, from rows to bundle; see {@link TrainingJob} for what can be asked for. */
final class TrainingRun {
    /** The most tokens that the frozen prefix reads at once; so few stay in a core's own cache. */
    private static final int TOKENS_OF_A_BATCH = 1_024;

    /** Stands for the model's blocks until it is read, so that wrong numbers are told before that. */
    private static final int ANY_BLOCKS = 12;

    private final TrainingJob job;
    private Policy policy;
    private History before = History.NONE;
    private final long start = System.nanoTime();

    TrainingRun(TrainingJob job) {
        this.job = job;
        this.policy = job.strategy.policy(job.numbers(), ANY_BLOCKS, job.seed);
    }

    TrainingResult run() {
        BundleWriter.requireFree(job.output, job.replace);
        if (job.validationShare == 0) {
            throw new InputException("--validation-share must be more than 0: the best epoch is chosen by these rows");
        }
        int maxLength = EncoderSettings.of(job.numbers().maxLength()).maxLength();
        Optional<List<Example>> test = job.test.map(job.task::examples);
        Corpus found = Corpus.of(job.task, test, job.validationShare, job.testShare, job.seed);
        Corpus corpus = job.labels.map(found::labelled).orElse(found);
        policy.matching().ifPresent(matching -> job.words(corpus.labels()));
        corpus.warnings().forEach(job.listener::warning);
        job.listener.stage(describe(corpus));
        Pretrained pretrained = new Hub(job.hub).resolve(job.model);
        Graph trunk = Onnx.read(pretrained.model());
        EncoderSettings settings = new EncoderSettings(maxLength, pretrained.prefix());
        try (TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer())) {
            FitCheck.check(
                    trunk, encoder.vocabularySize(), pretrained.tokenizer().toString());
            FitCheck.checkLength(trunk, maxLength);
            Checkpoints checkpoints = checkpoints(pretrained);
            Graph headed = job.task
                    .head(pretrained.pooling(), corpus.labels().size(), job.seed)
                    .apply(tuned(trunk, corpus, pretrained, encoder, checkpoints));
            policy = job.policy(Depths.of(headed));
            Graph graph = policy.adapter()
                    .map(method -> method.apply(headed))
                    .orElseGet(() -> matched(headed, corpus, encoder));
            requireTrainable(graph);
            return train(corpus, pretrained, encoder, headed, graph, checkpoints);
        }
    }

    /** The trunk as the policy's encoder phases leave it. */
    private Graph tuned(
            Graph trunk, Corpus corpus, Pretrained pretrained, TextEncoder encoder, Checkpoints checkpoints) {
        if (policy.encoderPhases().isEmpty()) {
            return trunk;
        }
        List<Example> rows = new ArrayList<>(corpus.split().train());
        rows.addAll(labelRows(corpus));
        var parts = new EncoderTraining.Parts(rows, corpus.split().validation(), corpus.labels());
        var tuned = new EncoderTraining(job, policy, this::settings)
                .tuned(trunk, pretrained.pooling(), encoder, parts, checkpoints.part("encoder"));
        before = tuned.history();
        return tuned.encoder();
    }

    private List<Example> labelRows(Corpus corpus) {
        return policy.labelRows()
                ? job.spoken(corpus.labels()).map(LabelWords::examples).orElse(List.of())
                : List.of();
    }

    private TrainingResult train(
            Corpus corpus,
            Pretrained pretrained,
            TextEncoder encoder,
            Graph headed,
            Graph graph,
            Checkpoints checkpoints) {
        List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
        TextRows rows = new TextRows(learned(corpus), corpus.labels(), encoder, inputs);
        TextRows validation = new TextRows(corpus.split().validation(), corpus.labels(), encoder, inputs);
        TextRows test = new TextRows(corpus.split().test(), corpus.labels(), encoder, inputs);
        job.listener.stage(plan(graph, rows.size()));
        if (job.precision != Precision.FP32) {
            job.listener.stage("computing in " + job.precision.spelled() + "; weights and the bundle stay in fp32");
        }
        Map<String, Predictions> baselines = Baselines.predictions(corpus, rows, test);
        try (SplitStages stages = stages(graph, List.of(rows, validation, test))) {
            Optional<HeadProbe.Solved> solved = policy.probe()
                    .map(probe ->
                            new HeadProbe(probe, settings(Precision.FP32), graph, policy.seed()).solve(stages, rows));
            Training training = new Training(
                    stages,
                    graph,
                    solved.map(HeadProbe.Solved::weights).orElse(Map.of()),
                    rows,
                    stage -> new RowsValidation(stage.view().apply(validation), policy.batchSize()),
                    policy,
                    checkpoints,
                    job.listener,
                    job.interrupted);
            Training.Outcome outcome = policy.phases().isEmpty()
                    ? solved.map(HeadProbe.Solved::outcome).orElse(Training.Outcome.NONE)
                    : training.outcome();
            job.listener.stage("scoring " + test.size() + " test rows beside the baselines");
            Tuned tuned = new Tuned(headed, graph, policy.adapter(), outcome);
            float[][] logits = asServed(stages, tuned, test);
            TrainingResult result = publish(corpus, pretrained, encoder, tuned, test, logits, baselines);
            checkpoints.delete();
            return result;
        }
    }

    /** The graph with a head of what the labels are called, where the policy has one. */
    private Graph matched(Graph headed, Corpus corpus, TextEncoder encoder) {
        return policy.matching()
                .map(matching -> new LabelHead(matching, settings(Precision.FP32))
                        .on(headed, encoder, job.words(corpus.labels()), corpus.labels()))
                .orElse(headed);
    }

    private void requireTrainable(Graph graph) {
        for (Phase phase : policy.phases()) {
            if (Selected.trainable(graph, phase.trainable()).isEmpty()) {
                throw new InputException("Phase '" + phase.name() + "' of --strategy " + job.strategy.spelled()
                        + " trains nothing: the model has no weight that can learn among " + phase.trainable());
            }
        }
    }

    /** The logits of the test rows in float32, in which bundles are served. */
    private float[][] asServed(SplitStages stages, Tuned tuned, TextRows test) {
        if (job.precision != Precision.FP32) {
            stages.close();
            try (Network served = new Torch(settings(Precision.FP32), Fusion.standard()).prepare(tuned.graph())) {
                return Logits.of(served, test, policy.batchSize());
            }
        }
        Map<String, Array> weights = tuned.outcome().weights();
        Stage last = stages.of(weights.keySet(), weights);
        last.load(weights);
        return Logits.of(last.network(), last.view().apply(test), policy.batchSize());
    }

    private TorchSettings settings(Precision precision) {
        return new TorchSettings(Device.CPU, job.threads, precision, this::unpacking);
    }

    /** Where no epoch is to be chosen, the rows that would choose it are learned too. */
    private List<Example> learned(Corpus corpus) {
        List<Example> rows = new ArrayList<>(corpus.split().train());
        if (policy.phases().isEmpty()) {
            rows.addAll(corpus.split().validation());
        }
        rows.addAll(labelRows(corpus));
        return rows;
    }

    private SplitStages stages(Graph graph, List<Rows> parts) {
        Rewrite forTraining = Fusion.standard()
                .then(new InsertDropout(policy.dropout()))
                .then(policy.adapter().map(AdapterMethod::forTraining).orElse(same -> same));
        var frozen = new SplitStages.Frozen(
                job.frozen.orElseGet(() -> new Torch(settings(Precision.FP32), Fusion.standard())),
                new Workers(job.frozen.isPresent() ? job.threads : 1, TOKENS_OF_A_BATCH),
                job.featureCache,
                job.listener,
                job.interrupted);
        return new SplitStages(graph, new Torch(settings(job.precision), forTraining)::prepare, parts, frozen);
    }

    private TrainingResult publish(
            Corpus corpus,
            Pretrained pretrained,
            TextEncoder encoder,
            Tuned tuned,
            TextRows test,
            float[][] logits,
            Map<String, Predictions> baselines) {
        var predictions = new Predictions(corpus.labels().names(), test.labels(), Logits.probabilities(logits));
        ScoreSheet sheet = ScoreSheet.of(predictions, baselines, policy.seed());
        double seconds = (System.nanoTime() - start) / 1e9;
        History history = tuned.outcome().history().after(before);
        Path folder = new Publication(job, policy, corpus, pretrained, history, seconds)
                .write(tuned.graph(), encoder.settings(), test, logits, sheet);
        return new TrainingResult(Bundle.unverified(folder), sheet, history);
    }

    private String plan(Graph graph, int rows) {
        return Plan.of(
                job.model, job.strategy, policy, graph, rows, job.numbers().learningRate());
    }

    private void unpacking(Path folder) {
        job.listener.stage("unpacking native libraries into " + folder + "; this happens once");
    }

    private Checkpoints checkpoints(Pretrained pretrained) {
        Path folder = job.output.resolveSibling(job.output.getFileName() + ".training");
        Checkpoints checkpoints = new Checkpoints(folder, fingerprint(pretrained), job.checkpointInterval);
        if (!job.resume) {
            checkpoints.delete();
        } else if (checkpoints.exist() || checkpoints.part("encoder").exist()) {
            job.listener.stage("going on with the run that is kept in " + folder);
        }
        return checkpoints;
    }

    /** A digest of everything that decides the course of the run, the number of threads apart. */
    private String fingerprint(Pretrained pretrained) {
        StringBuilder all = new StringBuilder();
        all.append(Digest.of(job.task.table().file())).append(job.task.columns());
        job.test.ifPresent(table -> all.append(Digest.of(table.file())));
        job.labels.ifPresent(labels -> all.append(labels.words()));
        all.append(pretrained.digest()).append(policy).append(job.numbers()).append(job.precision);
        all.append(job.validationShare).append(' ').append(job.testShare);
        return Digest.of(all.toString());
    }

    private static String describe(Corpus corpus) {
        return corpus.labels().size() + " labels; " + corpus.split().train().size() + " rows to train on, "
                + corpus.split().validation().size() + " to choose the best epoch by, "
                + corpus.split().test().size() + " to test with";
    }
}
