package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.torch.Device;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** How long a frozen part takes for all rows, by the time that it takes for some. */
final class FrozenPass {
    private static final int FEW = 32;
    private static final int MORE = 512;

    private final JobStages stages;
    private final Policy policy;
    private final Graph graph;

    FrozenPass(TrainingJob job, Policy policy, Graph graph) {
        TrainingJob keepingNothing =
                job.copy().featureCache(job.featureCache.withBytes(0)).listener(Listener.NONE);
        this.stages = new JobStages(
                keepingNothing,
                precision -> new TorchSettings(Device.CPU, job.threads, precision, folder -> {}, false));
        this.policy = policy;
        this.graph = graph;
    }

    /** Seconds of a pass over all rows; empty where something learns step by step or too few rows tell. */
    OptionalDouble seconds(TextRows rows) {
        boolean learns = !policy.phases().isEmpty() || !policy.encoderPhases().isEmpty();
        if (learns || rows.size() < 2 * FEW) {
            return OptionalDouble.empty();
        }
        timed(rows, FEW); // what is slow the first time
        Sample few = timed(rows, FEW);
        Sample more = timed(rows, Math.min(MORE, rows.size()));
        double all = Arrays.stream(rows.lengths()).asLongStream().sum();
        return OptionalDouble.of(
                more.seconds() > few.seconds()
                        ? all * (more.seconds() - few.seconds()) / (more.tokens() - few.tokens())
                        : all * more.seconds() / more.tokens()); // so small a model that only the beginning takes time
    }

    private record Sample(long tokens, double seconds) {}

    /** Of rows from all over the table; what a pass takes to begin is in each sample alike. */
    private Sample timed(TextRows rows, int count) {
        TextRows some = rows.some(IntStream.range(0, count)
                .map(row -> (int) ((long) row * rows.size() / count))
                .toArray());
        long start = System.nanoTime();
        try (SplitStages staged = stages.over(policy, graph, List.of(some))) {
            staged.of(HeadProbe.HEAD, Map.of());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Sample(Arrays.stream(some.lengths()).asLongStream().sum(), seconds);
    }
}
