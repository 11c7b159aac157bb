package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Predictions;
import dev.graft.eval.RowScores;
import dev.graft.graph.Graph;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import dev.graft.tensor.Array;
import dev.graft.torch.Precision;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Trains contenders on some of the training rows and asks them about others. */
final class RaceTrack implements Race.Track {
    private static final int BATCH = 64;

    /** Makes what a policy trains. */
    interface Staging {
        SplitStages over(Policy policy, Graph graph, List<Rows> parts);
    }

    /** What every contender begins with: the trunk, the head that makes of it the graph, and what reads the texts. */
    record Start(Graph trunk, Rewrite head, Graph headed, Pooling pooling, TextEncoder encoder, LabelSet labels) {}

    private final TrainingJob job;
    private final Start start;
    private final Course course;
    private final Parts parts;
    private final FrozenTrunk frozen;
    private final Optional<Array> words;
    private final Function<Precision, TorchSettings> settings;
    private final Staging stages;
    private final RacePlace place;
    private final DoubleSupplier seconds;

    /**
     * @param words of the labels as vectors, where they have any
     * @param seconds since the race began
     */
    RaceTrack(
            TrainingJob job,
            Start start,
            Course course,
            Parts parts,
            FrozenTrunk frozen,
            Optional<Array> words,
            Function<Precision, TorchSettings> settings,
            Staging stages,
            RacePlace place,
            DoubleSupplier seconds) {
        this.job = job;
        this.start = start;
        this.course = course;
        this.parts = parts;
        this.frozen = frozen;
        this.words = words;
        this.settings = settings;
        this.stages = stages;
        this.place = place;
        this.seconds = seconds;
    }

    @Override
    public Optional<Race.Heat> run(Strategy strategy, Course.Round round, double room) {
        double began = seconds.getAsDouble();
        List<RowScores> scores = new ArrayList<>();
        Pace pace = new Pace(job.interrupted, room / round.folds().size());
        try {
            for (int fold : round.folds()) {
                pace.begin();
                scores.add(RowScores.of(course.judged(fold), said(strategy, round, fold, pace)));
            }
        } catch (Interrupted stopped) {
            if (job.interrupted.getAsBoolean()) {
                throw stopped;
            }
            return Optional.empty();
        }
        return Optional.of(new Race.Heat(RowScores.joined(scores), began, seconds.getAsDouble()));
    }

    private Predictions said(Strategy strategy, Course.Round round, int fold, Pace pace) {
        int[] learned = course.learned(fold, round.rows());
        int[] judged = course.judged(fold);
        if (strategy == Strategy.HEAD) {
            return frozen.of(learned, judged, job.seed);
        }
        if (strategy == Strategy.ZERO_SHOT) {
            return frozen.nearest(words.orElseThrow(), judged);
        }
        Policy policy = RaceRun.policy(job, strategy, RaceRun.recipe(job, strategy, course, round.epochs()), start);
        Checkpoints checkpoints = place.lap(strategy, round, fold);
        Predictions said = policy.encoderPhases().isEmpty()
                ? trained(policy, policy.on(start.headed()), learned, judged, checkpoints, pace)
                : contrasted(policy, learned, judged, checkpoints, pace);
        checkpoints.delete();
        return said;
    }

    private Predictions trained(
            Policy policy, Graph graph, int[] learned, int[] judged, Checkpoints checkpoints, Pace pace) {
        Rows rows = new Subset(parts.rows(), learned);
        Rows others = new Subset(parts.rows(), judged);
        try (SplitStages own = stages.over(policy, graph, List.of(rows, others, parts.names()))) {
            Map<String, Array> weights = policy.probe()
                    .map(probe -> new HeadProbe(probe, settings.apply(Precision.FP32), graph, job.seed)
                            .solve(
                                    own,
                                    rows,
                                    new ClassGoal(
                                            frozen.labels(learned),
                                            start.labels().size()),
                                    parts.names())
                            .weights())
                    .orElse(Map.of());
            if (!policy.phases().isEmpty()) {
                weights = new Training(
                                own, graph, weights, rows, stage -> Validation.NONE, policy, checkpoints, pace, pace)
                        .outcome()
                        .weights();
            }
            Stage last = own.of(weights.keySet(), weights);
            last.load(weights);
            float[][] logits = Logits.of(last.network(), last.view().apply(others), BATCH);
            return new Predictions(start.labels().names(), frozen.labels(judged), Logits.probabilities(logits));
        }
    }

    /** An encoder that is tuned before there is a head. */
    private Predictions contrasted(Policy policy, int[] learned, int[] judged, Checkpoints checkpoints, Pace pace) {
        List<Example> all = parts.rows().examples();
        List<Example> rows = Arrays.stream(learned).mapToObj(all::get).toList();
        List<Example> names = policy.labelRows() ? parts.names().examples() : List.of();
        EncoderTraining.Tuned tuned = new EncoderTraining(job.watchedBy(pace, pace), policy, settings)
                .tuned(
                        start.trunk(),
                        start.pooling(),
                        start.encoder(),
                        new EncoderTraining.Parts(rows, names, start.labels()),
                        checkpoints);
        Graph graph = policy.reading(start.head().apply(tuned.encoder()));
        return trained(policy, graph, learned, judged, checkpoints, pace);
    }
}
