package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.Split;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Predictions;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.task.Corpus;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Trains contenders on some of the training rows and asks them about the others. */
final class RaceTrack implements Race.Track {
    private static final int BATCH = 64;
    private static final double MOST_JUDGING = 0.3;
    private static final double LEAST_JUDGING = 0.15;
    /** Rows that tell apart what is two points apart. */
    private static final double ENOUGH_JUDGING = 1_000;

    /** Makes what a policy trains. */
    interface Staging {
        SplitStages over(Policy policy, Graph graph, List<Rows> parts);
    }

    private final TrainingJob job;
    private final Graph headed;
    private final Parts parts;
    private final List<String> labels;
    private final TorchSettings settings;
    private final Staging stages;
    private final RacePlace place;

    /**
     * @param parts of which the rows are learned, the validation rows choose the best epoch, and the test rows judge
     * @param stages of a graph over rows
     */
    RaceTrack(
            TrainingJob job,
            Graph headed,
            Parts parts,
            List<String> labels,
            TorchSettings settings,
            Staging stages,
            RacePlace place) {
        this.job = job;
        this.headed = headed;
        this.parts = parts;
        this.labels = labels;
        this.settings = settings;
        this.stages = stages;
        this.place = place;
    }

    /** The track over a run's training rows, of which a share judges. */
    static RaceTrack of(
            TrainingJob job,
            Corpus corpus,
            TextEncoder encoder,
            Graph headed,
            TorchSettings settings,
            Staging stages,
            RacePlace place) {
        List<Example> rows = corpus.split().train();
        double share = Math.min(MOST_JUDGING, Math.max(LEAST_JUDGING, ENOUGH_JUDGING / rows.size()));
        Split split = Split.stratified(rows, share, 0, job.seed);
        List<String> inputs = headed.inputs().stream().map(ValueInfo::name).toList();
        LabelSet labels = corpus.labels();
        Function<List<Example>, TextRows> encoded = examples -> new TextRows(examples, labels, encoder, inputs);
        Parts parts = new Parts(
                encoded.apply(split.train()),
                encoded.apply(corpus.split().validation()),
                encoded.apply(split.validation()),
                encoded.apply(LabelTexts.rows(job, labels, split.train().size())));
        return new RaceTrack(job, headed, parts, labels.names(), settings, stages, place);
    }

    /**
     * Runs the race.
     *
     * @param start of the run in {@link System#nanoTime}
     */
    Race.Result race(long start, int mostEpochs) {
        DoubleSupplier seconds = () -> (System.nanoTime() - start) / 1e9;
        return new Race(this, job.budget.toMillis() / 1e3, seconds, job.seed, job.listener)
                .run(able(job, headed), mostEpochs);
    }

    /** The policy of a strategy for so many epochs. */
    static Policy policy(TrainingJob job, Strategy strategy, int epochs, Graph headed) {
        Recipe recipe = job.numbers(strategy);
        return strategy.policy(epochs == 0 ? recipe : recipe.withEpochs(epochs), Depths.of(headed), job.seed);
    }

    /** The strategies that can train the graph. */
    private static List<Strategy> able(TrainingJob job, Graph headed) {
        return Race.FIELD.stream()
                .filter(strategy -> able(job, strategy, headed))
                .toList();
    }

    private static boolean able(TrainingJob job, Strategy strategy, Graph headed) {
        try {
            Policy policy = policy(job, strategy, 1, headed);
            Graph graph = policy.on(headed);
            return policy.phases().stream()
                    .noneMatch(phase ->
                            Selected.trainable(graph, phase.trainable()).isEmpty());
        } catch (InputException unable) {
            return false;
        }
    }

    @Override
    public Optional<Predictions> run(Strategy strategy, int epochs, double room) {
        Policy policy = policy(job, strategy, epochs, headed);
        Graph graph = policy.on(headed);
        Pace pace = new Pace(job.interrupted, room);
        Checkpoints checkpoints = place.lap(strategy, epochs);
        try (SplitStages own = stages.over(policy, graph, parts.all())) {
            Map<String, Array> solved = policy.probe()
                    .map(probe -> new HeadProbe(probe, settings, graph, job.seed)
                            .solve(own, parts.rows(), parts.names())
                            .weights())
                    .orElse(Map.of());
            Map<String, Array> weights = epochs == 0 ? solved : trained(own, graph, solved, policy, checkpoints, pace);
            Stage last = own.of(weights.keySet(), weights);
            last.load(weights);
            float[][] logits = Logits.of(last.network(), last.view().apply(parts.test()), BATCH);
            return Optional.of(new Predictions(labels, parts.test().labels(), Logits.probabilities(logits)));
        } catch (Interrupted stopped) {
            if (job.interrupted.getAsBoolean()) {
                throw stopped;
            }
            return Optional.empty();
        } catch (Diverged unfit) {
            return Optional.empty();
        }
    }

    private Map<String, Array> trained(
            SplitStages own,
            Graph graph,
            Map<String, Array> solved,
            Policy policy,
            Checkpoints checkpoints,
            Pace pace) {
        Training training = new Training(
                own,
                graph,
                solved,
                parts.rows(),
                stage -> new RowsValidation(stage.view().apply(parts.validation()), policy.batchSize()),
                policy,
                checkpoints,
                pace,
                pace);
        return training.outcome().weights();
    }

    /** Stops a training once it is to be seen that it takes longer than it may. */
    private static final class Pace implements Listener, BooleanSupplier {
        private static final double SECONDS_SEEN = 5;
        private static final double SHARE_SEEN = 0.02;

        private final BooleanSupplier interrupted;
        private final double room;
        private final long start = System.nanoTime();
        private double share;

        private int epoch;
        private int epochs = 1;
        private int rows = 1;

        Pace(BooleanSupplier interrupted, double room) {
            this.interrupted = interrupted;
            this.room = room;
        }

        @Override
        public void epochStarted(int number, int ofEpochs, int ofRows) {
            epoch = number;
            epochs = ofEpochs;
            rows = ofRows;
        }

        @Override
        public void stepEnded(int rowsDone, double meanLoss) {
            share = (epoch - 1 + (double) rowsDone / rows) / epochs;
        }

        @Override
        public boolean getAsBoolean() {
            double seconds = (System.nanoTime() - start) / 1e9;
            boolean slow = share > SHARE_SEEN && seconds > SECONDS_SEEN && seconds / share > room;
            return interrupted.getAsBoolean() || slow;
        }
    }
}
