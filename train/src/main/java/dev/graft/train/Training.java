package dev.graft.train;

import dev.graft.data.Batches;
import dev.graft.graph.Graph;
import dev.graft.torch.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The training loop: a network, rows, and a policy in; a trained network and its history out.
 *
 * <p>Everything random follows from the policy's seed and the number of the step, so a run that is resumed from a
 * checkpoint goes on exactly as if it had never been interrupted (on one machine with one thread count).
 */
public final class Training {
    private final Network network;
    private final Graph graph;
    private final Rows rows;
    private final Validation validation;
    private final Policy policy;
    private final Checkpoints checkpoints;
    private final Listener listener;
    private final BooleanSupplier interrupted;
    private Progress progress = Progress.START;

    /**
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
        this.network = network;
        this.graph = graph;
        this.rows = rows;
        this.validation = validation;
        this.policy = policy;
        this.checkpoints = checkpoints;
        this.listener = listener;
        this.interrupted = interrupted;
    }

    /**
     * Trains to the end of the policy, from the last checkpoint if there is one; afterwards the network holds the
     * weights of its best epoch.
     *
     * @throws Interrupted if the run was asked to stop; it can be resumed
     * @throws dev.graft.GraftException if the loss is no longer a number; the last good weights are kept
     */
    public History run() {
        checkpoints.last().ifPresent(this::restore);
        while (!progress.finished()) {
            epoch(policy.phases().get(progress.phase()));
        }
        network.load(checkpoints.best());
        return progress.history();
    }

    private void restore(Checkpoints.State state) {
        progress = state.progress();
        Phase phase = policy.phases().get(progress.phase());
        network.trainable(trainable(phase));
        network.load(state.weights());
        network.loadOptimizerState(state.optimizer());
    }

    private Set<String> trainable(Phase phase) {
        return Selected.trainable(graph, phase.trainable());
    }

    private void epoch(Phase phase) {
        if (progress.phaseSteps() == 0) {
            network.trainable(trainable(phase));
        }
        List<int[]> batches =
                Batches.byLength(rows.lengths(), policy.batchSize(), Seeds.mix(policy.seed(), progress.epoch()));
        listener.epochStarted(progress.epoch(), policy.epochs(), rows.size());
        Steps steps = new Steps(network, rows, policy, phase, Selected.undecayed(graph), batches);
        while (progress.epochSteps() < steps.count()) {
            take(steps);
        }
        finish(phase, steps.rate(progress));
    }

    private void take(Steps steps) {
        try {
            progress = steps.take(progress);
        } catch (Diverged diverged) {
            throw diverged.keptIn(keep());
        }
        listener.stepEnded(progress.rowsDone(), progress.meanLoss());
        keepIfDueOrAsked();
    }

    private void keepIfDueOrAsked() {
        if (interrupted.getAsBoolean()) {
            throw new Interrupted(keep());
        }
        if (checkpoints.due()) {
            keep();
        }
    }

    /** Scores the epoch, keeps its weights if they are the best, and decides what comes next. */
    private void finish(Phase phase, double rate) {
        Validation.Result result = validation.score(network);
        History before = progress.history();
        var epoch = new History.Epoch(
                progress.epoch(),
                phase.name(),
                progress.meanLoss(),
                result.logLoss(),
                result.accuracy(),
                rate,
                progress.seconds());
        boolean best = before.best().map(epoch::betterThan).orElse(true);
        if (best) {
            checkpoints.remember(epoch.number(), network.weights());
        }
        var epochs = new ArrayList<>(before.epochs());
        epochs.add(epoch);
        int bestEpoch = best ? epoch.number() : before.bestEpoch();
        int patience = policy.earlyStoppingPatience();
        boolean stop = patience > 0 && epoch.number() - bestEpoch >= patience && epoch.number() < policy.epochs();
        progress = next(new History(epochs, bestEpoch, progress.steps(), stop));
        listener.epochEnded(epoch, best);
        keepIfDueOrAsked();
    }

    private Progress next(History history) {
        Progress after = progress.afterEpoch(history);
        int done = policy.phases().subList(0, progress.phase() + 1).stream()
                .mapToInt(Phase::epochs)
                .sum();
        if (history.stoppedEarly() || history.epochs().size() == policy.epochs()) {
            return after.atEnd();
        }
        return history.epochs().size() == done ? after.inNextPhase() : after;
    }

    private java.nio.file.Path keep() {
        java.nio.file.Path file = checkpoints.keep(
                new Checkpoints.State(progress, network.weightsInPlace(), network.optimizerStateInPlace()));
        listener.checkpointWritten(file);
        return file;
    }
}
