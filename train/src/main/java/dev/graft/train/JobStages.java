package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Runtime;
import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Makes the stages of a job: networks that train, above prefixes that are computed once.
 *
 * <p>In bfloat16 a prefix runs on libtorch, in float32 on the runtime that the job names. Either computes as many batches
 * at a time as the job has threads, each on one thread: no thread then waits for another at the end of an operator.
 *
 * @param settings of libtorch for a precision
 */
record JobStages(TrainingJob job, Function<Precision, TorchSettings> settings) {
    /** The most tokens of a batch of a frozen prefix; so few stay in a core's own cache. */
    private static final int TOKENS_OF_A_BATCH = 1_024;

    /** What a policy trains of a graph, in the job's precision. */
    SplitStages over(Policy trained, Graph graph, List<Rows> parts) {
        return over(job.precision, trained, graph, parts);
    }

    /** The rows that pass through what a policy trains, in the job's precision. */
    List<Rows> read(Policy trained, Parts parts) {
        boolean scoredElsewhere = trained.phases().isEmpty() && job.precision != Precision.FP32;
        return scoredElsewhere ? List.of(parts.rows(), parts.names()) : parts.all();
    }

    /** A head that is solved for, or was before on the same rows in the same way. */
    HeadProbe.Solved solved(KeptResults kept, HeadProbe head, SplitStages staged, Parts parts) {
        List<Object> decisive = new ArrayList<>(List.of(engine(job.precision), TOKENS_OF_A_BATCH, head.key()));
        for (TextRows rows : List.of(parts.rows(), parts.validation(), parts.test(), parts.names())) {
            decisive.add(rows.digestOfTokens());
        }
        long start = System.nanoTime();
        AtomicBoolean computed = new AtomicBoolean();
        Map<String, Array> found = kept.of(KeptResults.key(decisive.toArray()), () -> {
            computed.set(true);
            return head.solve(staged, parts.rows(), parts.rows().goal(), parts.names())
                    .arrays();
        });
        if (!computed.get()) {
            job.listener.stage("the head was solved for before, on the same rows: it is taken from the cache");
        }
        return HeadProbe.Solved.of(
                found, parts.rows().target().kind().metrics().get(0), (System.nanoTime() - start) / 1e9);
    }

    private SplitStages over(Precision precision, Policy trained, Graph graph, List<Rows> parts) {
        Rewrite forTraining = Learnable.under(trained, graph);
        Function<Graph, Network> binding = whole -> new Torch(settings.apply(precision), forTraining).prepare(whole);
        return new SplitStages(graph, binding, parts, frozen(precision));
    }

    /** What runs frozen prefixes, if not libtorch. */
    private Optional<Runtime> other(Precision precision) {
        return precision == Precision.FP32 ? job.frozen : Optional.empty();
    }

    private String engine(Precision precision) {
        return other(precision).map(runtime -> runtime.getClass().getName()).orElse("frozen libtorch") + " "
                + precision.spelled();
    }

    private SplitStages.Frozen frozen(Precision precision) {
        var libtorch = new Torch(settings.apply(precision).withThreads(1), Fusion.standard());
        Runtime own = prefix -> libtorch.narrows(prefix) ? libtorch.freeze(prefix) : libtorch.prepare(prefix);
        return new SplitStages.Frozen(
                engine(precision),
                other(precision).orElse(own),
                new Workers(job.threads, TOKENS_OF_A_BATCH),
                job.featureCache,
                job.listener,
                job.interrupted);
    }

    /**
     * The logits of some rows in float32, in which bundles are served.
     *
     * @param stages that trained the model; closed where they compute in another precision
     */
    Map<TextRows, float[][]> served(SplitStages stages, Policy policy, Tuned tuned, List<TextRows> asked) {
        if (job.precision == Precision.FP32) {
            return logits(stages, policy, tuned, asked);
        }
        stages.close();
        if (policy.phases().isEmpty()) {
            try (SplitStages own = over(Precision.FP32, policy, tuned.trained(), List.copyOf(asked))) {
                return logits(own, policy, tuned, asked);
            }
        }
        Torch libtorch = new Torch(settings.apply(Precision.FP32), Fusion.standard());
        try (Network network = libtorch.prepare(tuned.graph(job.keepAdapter))) {
            return each(asked, rows -> Logits.of(network, rows, policy.batchSize()));
        }
    }

    private static Map<TextRows, float[][]> logits(
            SplitStages stages, Policy policy, Tuned tuned, List<TextRows> asked) {
        Map<String, Array> weights = tuned.outcome().weights();
        Stage last = stages.of(weights.keySet(), weights);
        last.load(weights);
        return each(asked, rows -> Logits.of(last.network(), last.view().apply(rows), policy.batchSize()));
    }

    private static Map<TextRows, float[][]> each(List<TextRows> asked, Function<TextRows, float[][]> logits) {
        Map<TextRows, float[][]> all = new LinkedHashMap<>();
        asked.forEach(rows -> all.put(rows, logits.apply(rows)));
        return all;
    }
}
