package dev.graft.train;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Solves for the head of a graph: its features computed once, its weights found by a {@link LinearProbe}. */
final class HeadProbe {
    private static final Set<String> HEAD = Set.of(ClassifierHead.WEIGHT, ClassifierHead.BIAS);

    private final Probe probe;
    private final TorchSettings settings;
    private final Graph graph;
    private final long seed;

    HeadProbe(Probe probe, TorchSettings settings, Graph graph, long seed) {
        this.probe = probe;
        this.settings = settings;
        this.graph = graph;
        this.seed = seed;
    }

    /** The head's weights, and what there is to tell of the search. */
    record Solved(Map<String, Array> weights, LinearProbe.Solution solution, double seconds) {
        /** The outcome of a run that ends here. */
        Training.Outcome outcome() {
            var epoch = new History.Epoch(
                    1,
                    "head",
                    solution.trainLoss(),
                    solution.validation().logLoss(),
                    solution.validation().accuracy(),
                    0,
                    seconds);
            return new Training.Outcome(new History(List.of(epoch), 1, 0, false), weights);
        }
    }

    /**
     * Solves for the head.
     *
     * @throws GraphException if the graph's head is no linear layer on one vector a text
     */
    Solved solve(Stages stages, TextRows rows) {
        long start = System.nanoTime();
        Rows seen = stages.of(HEAD, Map.of()).view().apply(rows);
        int[] all = IntStream.range(0, rows.size()).toArray();
        List<Array> inputs = List.copyOf(seen.inputs(all).values());
        if (inputs.size() != 1 || inputs.get(0).rank() != 2) {
            throw new GraphException("The head cannot be solved for: '" + ClassifierHead.WEIGHT
                    + "' must be read by one linear layer on a vector a text, but what it reads is " + inputs);
        }
        var linear = new LinearProbe(probe, settings, inputs.get(0), rows.labels(), classes());
        LinearProbe.Solution solution = linear.solve(seed);
        return new Solved(
                Map.of(ClassifierHead.WEIGHT, solution.weight(), ClassifierHead.BIAS, solution.bias()),
                solution,
                (System.nanoTime() - start) / 1e9);
    }

    private int classes() {
        Array bias = graph.weights().get(ClassifierHead.BIAS);
        if (bias == null) {
            throw new GraphException("The graph has no weight '" + ClassifierHead.BIAS + "'");
        }
        return Math.toIntExact(bias.elements());
    }
}
