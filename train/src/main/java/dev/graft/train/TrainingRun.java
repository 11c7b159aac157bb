package dev.graft.train;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Example;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Control;
import dev.graft.eval.Scorable;
import dev.graft.eval.ScoreSheet;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.FitCheck;
import dev.graft.hub.Hub;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.Rewrite;
import dev.graft.task.Corpus;
import dev.graft.task.Reading;
import dev.graft.torch.Device;
import dev.graft.torch.NativeMemory;
import dev.graft.torch.Precision;
import dev.graft.torch.Preloading;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** One run, from rows to bundle; see {@link TrainingJob} for what can be asked for. */
final class TrainingRun {
    /** Stands for the model's blocks until it is read, so that wrong numbers are told before that. */
    static final int ANY_BLOCKS = 12;

    private final TrainingJob job;
    private final Adapting adapting;
    private Strategy strategy;
    private Recipe recipe;
    private Policy policy;
    private final TrunkTuning tuning;
    private final JobStages stages;
    private final KeptResults kept;
    private History before = History.NONE;
    private Optional<RaceRun.Outcome> race = Optional.empty();
    private final long begun = System.nanoTime();

    TrainingRun(TrainingJob job) {
        this.job = RaceRun.settled(job);
        this.strategy = job.strategy;
        this.recipe = job.numbers();
        RaceRun.requireMeant(this.job);
        Corpora.requireMeant(this.job);
        this.policy = job.adapterOptions.on(strategy.policy(recipe, ANY_BLOCKS, job.seed), strategy);
        recipe.techniques().metric().of(this.job.task.target().kind());
        Effects.of(this.job).require(this.job.asked);
        this.adapting = new Adapting(job, policy);
        this.tuning = new TrunkTuning(job, this::settings);
        this.stages = new JobStages(job, this::settings);
        this.kept = new KeptResults(job.featureCache);
    }

    TrainingResult run() {
        BundleWriter.requireFree(job.output, job.replace);
        Corpora.requireValidation(job, policy);
        int maxLength = EncoderSettings.of(job.numbers().maxLength()).maxLength();
        Corpus given = Corpora.of(job, policy);
        requireAble(given);
        given.warnings().forEach(job.listener::warning);
        job.listener.stage(Plan.rows(policy, given));
        Pretrained pretrained = new Hub(job.hub).resolve(job.model);
        Graph trunk = Onnx.read(pretrained.model());
        EncoderSettings settings = new EncoderSettings(maxLength, pretrained.prefix());
        try (Preloading libtorch = Preloading.begin();
                TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer())) {
            FitCheck.check(
                    trunk, encoder.vocabularySize(), pretrained.tokenizer().toString());
            FitCheck.checkLength(trunk, maxLength);
            Checkpoints checkpoints = checkpoints(pretrained);
            Rewrite head = given.head(pretrained.pooling(), job.seed);
            Graph untouched = head.apply(trunk);
            requireFits(untouched, given, pretrained);
            EncoderTraining.Tuned modelled = tuning.modelled(trunk, encoder, checkpoints);
            if (job.strategy == Strategy.AUTO) {
                Graph headed = head.apply(modelled.encoder());
                race(
                        new RaceTrack.Start(
                                modelled.encoder(), head, headed, pretrained.pooling(), encoder, given.labels()),
                        parts(given, headed, encoder),
                        checkpoints);
            }
            Corpus corpus = race.isPresent() && policy.needsValidation() ? Corpora.of(job, policy) : given;
            EncoderTraining.Tuned tuned = tuning.tuned(modelled, policy, corpus, pretrained, encoder, checkpoints);
            before = tuned.history();
            Graph headed = tuning.leaves(policy) ? untouched : head.apply(tuned.encoder());
            if (job.strategy != Strategy.AUTO) {
                policy = adapting.policy(job.policy(Depths.of(headed)));
            }
            policy = policy.toward(Answers.objective(given.target()))
                    .among(given.labels().names());
            Graph read = policy.reading(headed);
            Graph graph = policy.adapter().isEmpty()
                    ? matched(read, corpus, encoder)
                    : adapting.grown(read, policy, pretrained, corpus.labels().names());
            Selected.requireTrainable(graph, policy, strategy);
            return train(corpus, pretrained, encoder, new Graphs(untouched, read, graph), checkpoints);
        }
    }

    /** Refuses what these rows do not allow, before anything is computed. */
    private void requireAble(Corpus given) {
        Answers.requireAble(job, policy, given.target().kind());
        policy.matching().ifPresent(matching -> LabelTexts.words(job, given.labels()));
        recipe.techniques().among(given.labels().names());
        policy.requireRoom(given.split().train().size());
        RaceRun.requireRoom(job, given.split().train().size());
        Folds.require(job, policy, given);
        Corpora.requireHeldOut(job, policy, given);
    }

    /** Refuses a strategy that the graph cannot take, before anything is computed. */
    private void requireFits(Graph headed, Corpus given, Pretrained pretrained) {
        if (job.strategy != Strategy.AUTO) {
            Policy fitting = adapting.policy(job.policy(Depths.of(headed)));
            Graph grown = adapting.grown(
                    fitting.reading(headed), fitting, pretrained, given.labels().names());
            Selected.requireTrainable(grown, fitting, strategy);
            Learnable.require(fitting, grown);
        }
    }

    /** Lets the strategies race over a part of the training rows, and takes the winner's policy. */
    private void race(RaceTrack.Start start, Parts parts, Checkpoints checkpoints) {
        RaceRun.Outcome outcome = new RaceRun(job, this::settings, stages::over, checkpoints).run(start, parts, begun);
        race = Optional.of(outcome);
        strategy = outcome.result().winner();
        recipe = outcome.recipe();
        policy = RaceRun.policy(job, strategy, recipe, start);
        job.listener.stage("race: " + strategy.spelled() + " won; it is trained on all training rows");
    }

    private Parts parts(Corpus corpus, Graph graph, TextEncoder encoder) {
        List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
        Function<List<Example>, TextRows> encoded =
                examples -> new TextRows(examples, corpus.target(), corpus.labels(), encoder, inputs);
        TextRows rows = encoded.apply(Answers.learned(policy, corpus));
        return new Parts(
                rows,
                encoded.apply(corpus.split().validation()),
                encoded.apply(corpus.split().test()),
                encoded.apply(LabelTexts.rows(job, corpus, rows.size())));
    }

    private TrainingResult train(
            Corpus corpus, Pretrained pretrained, TextEncoder encoder, Graphs graphs, Checkpoints checkpoints) {
        Graph graph = graphs.trained();
        Parts parts = parts(corpus, graph, encoder);
        TextRows rows = parts.rows();
        TextRows test = parts.test();
        job.listener.stage(plan(graph, rows.size()));
        if (job.precision != Precision.FP32) {
            job.listener.stage("computing in " + job.precision.spelled() + "; weights and the bundle stay in fp32");
        }
        Map<String, Scorable> baselines = Baselines.predictions(parts, kept);
        try (SplitStages staged = stages.over(policy, graph, stages.read(policy, parts))) {
            Optional<HeadProbe.Solved> solved = policy.probe()
                    .map(probe -> stages.solved(
                            kept, new HeadProbe(probe, settings(Precision.FP32), graph, policy.seed()), staged, parts));
            Training training = new Training(
                    staged,
                    graph,
                    solved.map(HeadProbe.Solved::weights).orElse(Map.of()),
                    rows,
                    stage -> parts.validation().size() == 0
                            ? Validation.NONE
                            : parts.validation()
                                    .validation(
                                            stage.view().apply(parts.validation()),
                                            policy.techniques().metric(),
                                            policy.batchSize()),
                    policy,
                    checkpoints,
                    job.listener,
                    job.interrupted);
            Training.Outcome outcome = policy.phases().isEmpty()
                    ? solved.map(HeadProbe.Solved::outcome).orElse(Training.Outcome.NONE)
                    : training.outcome();
            job.listener.stage("scoring " + test.size() + " test rows beside the baselines");
            Tuned tuned = new Tuned(graphs.headed(), graph, policy.adapter(), outcome);
            Map<TextRows, float[][]> logits = stages.served(staged, policy, tuned, parts.read());
            staged.close();
            NativeMemory.trim();
            Reading reading = parts.reading(part -> Objects.requireNonNull(logits.get(part)));
            float[][] outputs = Objects.requireNonNull(logits.get(test));
            var controls = new Controls(settings(Precision.FP32), policy.seed());
            Map<String, Scorable> cheap = cheap(controls, baselines, graphs.untouched(), parts);
            Scorable said = reading.scorable(test.truth(), outputs);
            ScoreSheet sheet = sheet(said, baselines, controls.beside(said, cheap), checkpoints);
            TrainingResult result = publish(corpus, reading, pretrained, encoder, tuned, test, outputs, sheet);
            checkpoints.delete();
            return result;
        }
    }

    /** The graph with a head of what the labels are called, where the policy has one. */
    private Graph matched(Graph headed, Corpus corpus, TextEncoder encoder) {
        return policy.matching()
                .map(matching -> new LabelHead(matching, settings(Precision.FP32))
                        .on(headed, encoder, LabelTexts.words(job, corpus.labels()), corpus.labels()))
                .orElse(headed);
    }

    /** What the controls say of the test rows, by name; a strategy that leaves the trunk as it is has itself as one. */
    private Map<String, Scorable> cheap(
            Controls controls, Map<String, Scorable> baselines, Graph untouched, Parts parts) {
        Map<String, Scorable> cheap = Controls.named(baselines, controls.random(parts, kept));
        if (policy.phases().isEmpty() && tuning.leaves(policy)) {
            return cheap;
        }
        if (race.isPresent() && !tuning.models()) {
            return Controls.withFrozen(cheap, race.get().frozen().ofTest());
        }
        Graph trunk = Controls.trunk(untouched);
        try (SplitStages staged = stages.over(policy, trunk, parts.all())) {
            return Controls.withFrozen(cheap, controls.frozen(staged, trunk, parts));
        }
    }

    /**
     * The scores of the test rows.
     *
     * @throws dev.graft.GateException if a control is better, that is not allowed, and the strategy learned from the rows
     *     that the controls learned from
     */
    private ScoreSheet sheet(
            Scorable tuned, Map<String, Scorable> baselines, List<Control> controls, Checkpoints checkpoints) {
        boolean learned = policy.matching().isEmpty();
        if (!job.allowNegativeTransfer && learned && controls.stream().anyMatch(Control::refuses)) {
            if (!checkpoints.exist()) {
                checkpoints.delete();
            }
            throw Controls.refusal(controls);
        }
        return ScoreSheet.of(tuned, baselines, policy.seed())
                .withControls(controls)
                .withRace(
                        race.map(held -> held.result().laps()).orElse(List.of()),
                        race.map(held -> held.prospects().measured()).orElse(Map.of()));
    }

    private TorchSettings settings(Precision precision) {
        return new TorchSettings(Device.CPU, job.threads, precision, this::unpacking, job.gradientCheckpointing);
    }

    private TrainingResult publish(
            Corpus corpus,
            Reading reading,
            Pretrained pretrained,
            TextEncoder encoder,
            Tuned tuned,
            TextRows test,
            float[][] logits,
            ScoreSheet sheet) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        History history = tuned.outcome().history().after(before);
        String options = PolicyFile.of(job, strategy, recipe, policy);
        Path folder = new Publication(job, policy, options, corpus, reading, pretrained, history, seconds)
                .write(tuned.graph(job.keepAdapter), encoder.settings(), test, logits, sheet);
        Bundle bundle = Bundle.unverified(folder);
        adapting.save(tuned, pretrained, corpus.labels().names(), bundle);
        return new TrainingResult(bundle, sheet, history);
    }

    private String plan(Graph graph, int rows) {
        return Plan.of(job.model, strategy, policy, graph, rows, recipe.learningRate());
    }

    private void unpacking(Path folder) {
        job.listener.stage("unpacking native libraries into " + folder + "; this happens once");
    }

    private Checkpoints checkpoints(Pretrained pretrained) {
        Path folder = job.output.resolveSibling(job.output.getFileName() + ".training");
        Checkpoints checkpoints =
                new Checkpoints(folder, Fingerprint.of(job, policy, pretrained), job.checkpointInterval);
        if (!job.resume) {
            checkpoints.delete();
        } else if (checkpoints.exist(EncoderTraining.PARTS)
                || checkpoints.exist(List.of(LanguageModelling.PART))
                || new RacePlace(checkpoints).begun()) {
            job.listener.stage("going on with the run that is kept in " + folder);
        }
        return checkpoints;
    }
}
