package dev.graft.train;

import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The training loop: a network, rows, and a policy in; a trained network and its history out.
 *
 * <p>Everything random follows from the policy's seed and the number of the step, so a run that is resumed from a
 * checkpoint goes on exactly as if it had never been interrupted (on one machine with one thread count).
 */
public final class Training {
    private final Stages stages;
    private final Graph graph;
    private final Rows rows;
    private final Averaging averaging;
    private final Policy policy;
    private final Checkpoints checkpoints;
    private final Listener listener;
    private final BooleanSupplier interrupted;
    private final Set<String> undecayed;
    private final Depths depths;
    private final Map<String, Array> pretrained;
    private Progress progress = Progress.START;
    private final Map<String, Array> start;
    private Map<String, Array> weights;
    private final Set<String> trained = new TreeSet<>();
    private Map<String, Array> memory = Map.of();
    private Map<String, Array> averages = Map.of();

    /**
     * Training of a whole network.
     *
     * @param network what is trained; its weights are changed
     * @param graph the graph that the network was prepared from
     * @param rows what it is trained on
     * @param validation scores the network after each epoch
     * @param checkpoints where the run is kept, so that it can be resumed
     * @param interrupted asked after each step and each epoch; once it says true the run is kept and {@link Interrupted} is thrown
     */
    public Training(
            Network network,
            Graph graph,
            Rows rows,
            Validation validation,
            Policy policy,
            Checkpoints checkpoints,
            Listener listener,
            BooleanSupplier interrupted) {
        this(
                Stages.whole(new Stage(network, graph.weights().keySet(), seen -> seen)),
                graph,
                Map.of(),
                rows,
                stage -> validation,
                policy,
                checkpoints,
                listener,
                interrupted);
    }

    /**
     * @param stages what each phase trains
     * @param graph the graph that is trained, in whole or in part
     * @param weights those that differ from the graph's before training begins
     * @param rows what it is trained on
     * @param validation scores the network of a stage after each epoch
     * @param checkpoints where the run is kept, so that it can be resumed
     * @param interrupted asked after each step and each epoch; once it says true the run is kept and {@link Interrupted} is thrown
     */
    Training(
            Stages stages,
            Graph graph,
            Map<String, Array> weights,
            Rows rows,
            Function<Stage, Validation> validation,
            Policy policy,
            Checkpoints checkpoints,
            Listener listener,
            BooleanSupplier interrupted) {
        this.stages = stages;
        this.graph = graph;
        this.start = weights;
        this.weights = weights;
        this.rows = rows;
        this.averaging =
                new Averaging(policy.weightAveraging(), policy.techniques().metric(), validation, listener);
        this.policy = policy;
        this.checkpoints = checkpoints;
        this.listener = listener;
        this.interrupted = interrupted;
        this.undecayed = Selected.undecayed(graph);
        this.depths = Depths.of(graph);
        this.pretrained = new LinkedHashMap<>(graph.weights());
        this.pretrained.keySet().removeAll(Set.of(ClassifierHead.WEIGHT, ClassifierHead.BIAS));
    }

    /** What a training came to: its history, and all weights that were trained in any phase, as the best epoch left them. */
    record Outcome(History history, Map<String, Array> weights) {
        /** Nothing was trained. */
        static final Outcome NONE = new Outcome(History.NONE, Map.of());
    }

    /**
     * Trains to the end of the policy, from the last checkpoint if there is one; afterwards the network holds the
     * weights of its best epoch.
     *
     * @throws Interrupted if the run was asked to stop; it can be resumed
     * @throws dev.graft.GraftException if the loss is no longer a number; the last good weights are kept
     */
    public History run() {
        Outcome outcome = outcome();
        stages.of(outcome.weights().keySet(), outcome.weights()).load(outcome.weights());
        return outcome.history();
    }

    /** Trains as {@link #run} does, and leaves it to the caller which network is to hold the weights. */
    Outcome outcome() {
        checkpoints.last().ifPresent(this::restore);
        trained.addAll(weights.keySet());
        while (!progress.finished()) {
            phase(policy.phases().get(progress.phase()));
        }
        Map<String, Array> untrained = new LinkedHashMap<>(graph.weights());
        untrained.keySet().retainAll(trained);
        Map<String, Array> best = over(untrained, checkpoints.best());
        return new Outcome(progress.history(), averaging.interpolated(stages, over(untrained, start), best));
    }

    private void restore(Checkpoints.State state) {
        progress = state.progress();
        weights = state.weights();
        memory = state.optimizer();
        averages = state.averages();
    }

    /** Takes the epochs of a phase that are left; what was trained before goes on from where it stands. */
    private void phase(Phase phase) {
        Set<String> wanted = Selected.trainable(graph, phase.trainable());
        Stage stage = stages.of(wanted, weights);
        stage.network().trainable(reached(wanted, stage.network(), phase));
        stage.load(weights);
        stage.network().loadOptimizerState(memory);
        stage.network().loadAverages(averages);
        int number = progress.phase();
        while (!progress.finished() && progress.phase() == number) {
            epoch(stage, phase);
        }
        trained.addAll(stage.network().weightsInPlace().keySet());
        if (progress.finished()) {
            return;
        }
        weights = over(weights, stage.network().weights());
        memory = over(memory, stage.network().optimizerState());
        averages = over(averages, stage.network().averages());
    }

    /** The weights that a gradient reaches; of the others the listener is told. */
    private Set<String> reached(Set<String> wanted, Network network, Phase phase) {
        Set<String> learning = new TreeSet<>(wanted);
        Map<String, String> blocked = new TreeMap<>(network.untrainable());
        blocked.keySet().retainAll(learning);
        if (!blocked.isEmpty()) {
            listener.warning("of the weights that phase '" + phase.name() + "' trains, " + blocked.size()
                    + " stay as they are, for no gradient reaches them. "
                    + blocked.entrySet().stream()
                            .map(weight -> "'" + weight.getKey() + "': " + weight.getValue())
                            .collect(Collectors.joining("; ")));
        }
        learning.removeAll(blocked.keySet());
        return learning;
    }

    private static Map<String, Array> over(Map<String, Array> before, Map<String, Array> now) {
        Map<String, Array> all = new LinkedHashMap<>(before);
        all.putAll(now);
        return all;
    }

    private void epoch(Stage stage, Phase phase) {
        Rows seen = stage.view().apply(rows);
        List<int[]> batches = phase.objective().batches(rows, policy, Seeds.mix(policy.seed(), progress.epoch()));
        int rowsOfAll = batches.stream().mapToInt(batch -> batch.length).sum();
        listener.epochStarted(progress.epoch(), policy.epochs(), rowsOfAll);
        Steps steps = new Steps(stage.network(), seen, policy, phase, undecayed, depths, pretrained, batches);
        while (progress.epochSteps() < steps.count()) {
            take(stage, steps);
        }
        int epochs = (int) (progress.phaseSteps() / steps.count());
        finish(stage, phase, steps.rate(progress), epochs);
    }

    private void take(Stage stage, Steps steps) {
        try {
            progress = steps.take(progress);
        } catch (Diverged diverged) {
            throw diverged.keptIn(keep(stage));
        }
        averaging.afterStep(stage.network(), progress.steps());
        listener.stepEnded(progress.rowsDone(), progress.meanLoss());
        keepIfDueOrAsked(stage);
    }

    private void keepIfDueOrAsked(Stage stage) {
        if (interrupted.getAsBoolean()) {
            throw new Interrupted(keep(stage));
        }
        if (checkpoints.due()) {
            keep(stage);
        }
    }

    /** Scores the epoch, keeps its weights if they are the best, and decides what comes next. */
    private void finish(Stage stage, Phase phase, double rate, int epochsOfPhase) {
        averaging.afterEpoch(stage.network(), progress.epoch(), policy.epochs());
        Validation.Result result = averaging.score(stage);
        History before = progress.history();
        var epoch = new History.Epoch(
                progress.epoch(),
                phase.name(),
                progress.meanLoss(),
                result.logLoss(),
                result.metric().key(),
                result.value(),
                rate,
                progress.seconds());
        boolean best = before.best()
                .map(other -> epoch.betterThan(other, policy.techniques().metric()))
                .orElse(true);
        if (best) {
            checkpoints.remember(epoch.number(), over(weights, Averaging.scored(stage.network())));
        }
        var epochs = new ArrayList<>(before.epochs());
        epochs.add(epoch);
        int bestEpoch = best ? epoch.number() : before.bestEpoch();
        int patience = policy.earlyStoppingPatience();
        int without = epoch.number() - bestEpoch;
        boolean last = progress.phase() == policy.phases().size() - 1;
        boolean plateau = phase.patience() > 0 && Math.min(without, epochsOfPhase) >= phase.patience();
        boolean phaseEnds = plateau || epochsOfPhase == phase.epochs();
        boolean stop = patience > 0 && without >= patience && !(last && phaseEnds);
        progress = next(new History(epochs, bestEpoch, progress.steps(), stop), stop || last && phaseEnds, phaseEnds);
        listener.epochEnded(epoch, best);
        keepIfDueOrAsked(stage);
    }

    private Progress next(History history, boolean runEnds, boolean phaseEnds) {
        Progress after = progress.afterEpoch(history);
        if (runEnds) {
            return after.atEnd();
        }
        return phaseEnds ? after.inNextPhase() : after;
    }

    private Path keep(Stage stage) {
        Network network = stage.network();
        Path file = checkpoints.keep(new Checkpoints.State(
                progress,
                over(weights, network.weightsInPlace()),
                over(memory, network.optimizerStateInPlace()),
                over(averages, network.averagesInPlace())));
        listener.checkpointWritten(file);
        return file;
    }
}
