package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.eval.Metric;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.LayerFeatures;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** Solves for the head of a graph: its features computed once, its weights found by a {@link LinearProbe}. */
final class HeadProbe {
    static final Set<String> HEAD = Set.of(ClassifierHead.WEIGHT, ClassifierHead.BIAS);

    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";
    private static final String TOLD = "told";

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
    record Solved(Map<String, Array> weights, LayerMix mix, LinearProbe.Solution solution, double seconds) {
        /** All of this but the seconds, as arrays by name. */
        Map<String, Array> arrays() {
            double[] told = {
                mix.layers(),
                mix.share(),
                solution.strength(),
                solution.trainLoss(),
                solution.validation().value(),
                solution.validation().logLoss()
            };
            return Map.of(WEIGHT, solution.weight(), BIAS, solution.bias(), TOLD, Array.of(told, told.length));
        }

        /** What {@link #arrays} gave, found in some seconds; the search went by the metric. */
        static Solved of(Map<String, Array> arrays, Metric metric, double seconds) {
            Array weight = Objects.requireNonNull(arrays.get(WEIGHT));
            Array bias = Objects.requireNonNull(arrays.get(BIAS));
            DoubleBuffer told = Objects.requireNonNull(arrays.get(TOLD)).bytes().asDoubleBuffer();
            var mix = new LayerMix((int) told.get(0), told.get(1));
            var validation = new Validation.Result(metric, told.get(4), told.get(5));
            var solution = new LinearProbe.Solution(weight, bias, told.get(2), told.get(3), validation);
            return new Solved(Map.of(ClassifierHead.WEIGHT, weight, ClassifierHead.BIAS, bias), mix, solution, seconds);
        }

        /** The outcome of a run that ends here. */
        Training.Outcome outcome() {
            var epoch = new History.Epoch(
                    1,
                    "head",
                    solution.trainLoss(),
                    solution.validation().logLoss(),
                    solution.validation().metric().key(),
                    solution.validation().value(),
                    0,
                    seconds);
            return new Training.Outcome(new History(List.of(epoch), 1, 0, false), weights);
        }
    }

    /** What decides the head beside the rows and the engine of their features. */
    String key() {
        return "head " + probe + " " + seed + " " + settings.threads() + " " + Onnx.digest(graph);
    }

    /**
     * Solves for the head.
     *
     * @param wanted what the head is solved for, about these rows
     * @param names of the labels as rows, learned beside the others where that helps; may have none
     * @throws GraphException if the graph's head is no linear layer on one vector a text
     */
    Solved solve(Stages stages, Rows rows, HeadGoal wanted, TextRows names) {
        long start = System.nanoTime();
        Stage stage = stages.of(HEAD, Map.of());
        Array features = vectors(stage, rows);
        int layers = LayerFeatures.count(graph);
        HeadGoal goal = wanted;
        LayerMix mix = new LayerMix(layers, 0);
        if (wanted instanceof ClassGoal known) {
            if (names.size() > 0) {
                features = Controls.stacked(features, vectors(stage, names));
                known = known.followedBy(names.labels());
            }
            goal = known;
            mix = LayerMix.chosen(settings, features, known.labels(), rows.size(), layers, known.outputs(), seed);
        }
        var linear = new LinearProbe(probe, settings, mix.of(features), goal, rows.size());
        LinearProbe.Solution solution = mix.undone(linear.solve(seed));
        return new Solved(
                Map.of(ClassifierHead.WEIGHT, solution.weight(), ClassifierHead.BIAS, solution.bias()),
                mix,
                solution,
                (System.nanoTime() - start) / 1e9);
    }

    /**
     * What the head of a stage reads: [rows, width].
     *
     * @throws GraphException if that is not one vector a row
     * @throws InputException if all together are more than an array holds
     */
    static Array vectors(Stage stage, Rows rows) {
        Rows read = stage.view().apply(rows);
        if (rows.size() > 0) {
            requireRoom(
                    rows.size(),
                    read.inputs(new int[] {0}).values().stream()
                            .mapToLong(Array::elements)
                            .sum());
        }
        int[] all = IntStream.range(0, rows.size()).toArray();
        List<Array> inputs = List.copyOf(read.inputs(all).values());
        if (inputs.size() != 1 || inputs.get(0).rank() != 2) {
            throw new GraphException("The head cannot be solved for: '" + ClassifierHead.WEIGHT
                    + "' must be read by one linear layer on a vector a text, but what it reads is " + inputs
                    + "; train with --strategy full");
        }
        requireFinite(inputs.get(0), rows);
        return inputs.get(0);
    }

    /** Checks that rows of so many numbers fit into one array. */
    static void requireRoom(int rows, long numbers) {
        long most = Integer.MAX_VALUE / Float.BYTES / numbers;
        if (rows > most) {
            throw new InputException("A head cannot be solved for on " + rows + " rows of " + numbers
                    + " numbers at once, which are more than 2 GB; draw " + most
                    + " of them or fewer: --max-train-samples");
        }
    }

    private static void requireFinite(Array vectors, Rows rows) {
        FloatBuffer values = vectors.bytes().asFloatBuffer();
        int width = Math.toIntExact(vectors.size(1));
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw new GraftException("The model's vector of " + rows.name(i / width) + " holds " + values.get(i)
                        + ", which no head can be solved for; its weights are damaged or overflow. Take another --model,"
                        + " or see with --strategy full which rows do it");
            }
        }
    }
}
