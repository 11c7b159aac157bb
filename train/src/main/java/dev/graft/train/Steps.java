package dev.graft.train;

import dev.graft.graph.Depths;
import dev.graft.tensor.Array;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The optimizer steps of one epoch: each a group of batches whose gradients are added up. */
final class Steps {
    private static final int ROWS_NAMED = 5;

    private final Network network;
    private final Rows rows;
    private final Policy policy;
    private final Phase phase;
    private final List<int[]> batches;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Depths depths;
    private final Map<String, Array> starts;

    Steps(
            Network network,
            Rows rows,
            Policy policy,
            Phase phase,
            Set<String> undecayed,
            Depths depths,
            Map<String, Array> starts,
            List<int[]> batches) {
        this.network = network;
        this.rows = rows;
        this.policy = policy;
        this.phase = phase;
        this.depths = depths;
        this.starts = starts;
        this.batches = batches;
        this.loss = phase.objective().loss(policy, rows);
        this.optimizer = new Optimizer(Optimizers.of(policy.techniques().optimizer()), policy.weightDecay(), undecayed);
    }

    /** The number of steps in an epoch. */
    int count() {
        return (batches.size() + policy.gradientAccumulation() - 1) / policy.gradientAccumulation();
    }

    /** The learning rate of the step that comes next. */
    double rate(Progress progress) {
        long all = (long) count() * phase.epochs() + 1;
        double done = Math.min(1, (progress.phaseSteps() + 1.0) / all);
        int epochs = (int) ((progress.phaseSteps() - progress.epochSteps()) / count());
        return phase.schedule()
                .at(new Schedule.Moment(done, all, progress.history().losses(epochs)));
    }

    /**
     * Takes the step that comes next.
     *
     * @throws Diverged if loss or gradient is no longer a number; the weights are then as they were before
     */
    Progress take(Progress before) {
        long start = System.nanoTime();
        List<int[]> group = group(before.epochSteps());
        int count = group.stream().mapToInt(batch -> batch.length).sum();
        double lossSum = 0;
        for (int i = 0; i < group.size(); i++) {
            lossSum += learn(group.get(i), count, Seeds.mix(Seeds.mix(policy.seed(), before.steps()), i));
        }
        double pull = policy.techniques().regularisers().l2Sp();
        if (pull > 0) {
            network.pull(pull, starts);
        }
        double norm = network.clip(policy.maxGradNorm() > 0 ? policy.maxGradNorm() : Double.POSITIVE_INFINITY);
        if (!Double.isFinite(norm)) {
            throw diverged("gradient's norm is " + norm, group.get(0));
        }
        double rate = rate(before);
        network.step(optimizer, weight -> rate * phase.factor(depths.depth(weight)));
        return before.afterStep(count, lossSum / count, (System.nanoTime() - start) / 1e9);
    }

    private List<int[]> group(int step) {
        int from = step * policy.gradientAccumulation();
        return batches.subList(from, Math.min(batches.size(), from + policy.gradientAccumulation()));
    }

    private double learn(int[] batch, int groupRows, long seed) {
        double share = (double) batch.length / groupRows;
        int[] seen = IntStream.range(0, loss.passes())
                .flatMap(pass -> Arrays.stream(batch))
                .toArray();
        double mean = network.learn(rows.inputs(seen), rows.targets(seen), loss, share, seed)
                .value();
        if (!Double.isFinite(mean)) {
            throw diverged("loss is " + mean, batch);
        }
        return mean * batch.length;
    }

    private Diverged diverged(String what, int[] batch) {
        String named = Arrays.stream(batch)
                .limit(ROWS_NAMED)
                .mapToObj(row -> "\n  " + rows.name(row))
                .collect(Collectors.joining());
        int others = batch.length - ROWS_NAMED;
        return new Diverged("The " + what + " for a batch of these rows:" + named
                + (others > 0 ? "\n  and " + others + " more" : ""));
    }
}
