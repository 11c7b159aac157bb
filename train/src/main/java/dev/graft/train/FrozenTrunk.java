package dev.graft.train;

import dev.graft.eval.Predictions;
import dev.graft.graph.Graph;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A trunk as it came, whose features are computed once for all rows of a run, and heads that are solved for on them. */
final class FrozenTrunk {
    private final TorchSettings settings;
    private final List<String> labels;
    private final Parts parts;
    private final HeadProbe.Solved solved;
    private final Array rows;
    private final Array names;
    private final Array test;

    /**
     * Computes the features, and solves for the head on all training rows.
     *
     * @param trunk with a head on features of length 1
     * @param labels in the order of their numbers
     */
    FrozenTrunk(Stages stages, Graph trunk, Parts parts, List<String> labels, TorchSettings settings, long seed) {
        this.settings = settings;
        this.labels = labels;
        this.parts = parts;
        Stage stage = stages.of(HeadProbe.HEAD, Map.of());
        this.rows = HeadProbe.vectors(stage, parts.rows());
        this.test = HeadProbe.vectors(stage, parts.test());
        this.names = parts.names().size() == 0 ? rows : HeadProbe.vectors(stage, parts.names());
        this.solved = new HeadProbe(Probe.UNIT, settings, trunk, seed)
                .solve(stages, parts.rows(), parts.rows().goal(), parts.names());
    }

    /** What that head says of the test rows. */
    Predictions ofTest() {
        Array weight = Objects.requireNonNull(solved.weights().get(ClassifierHead.WEIGHT));
        Array bias = Objects.requireNonNull(solved.weights().get(ClassifierHead.BIAS));
        return said(parts.test().labels(), LinearProbe.logits(weight, bias, test));
    }

    /** Training rows that a head learns from, and others that it is asked about. */
    record Trial(int[] learned, int[] asked) {}

    /** What {@link #of} says of each trial; they share the threads out. */
    List<Predictions> of(List<Trial> trials, long seed) {
        TorchSettings single = settings.withThreads(1);
        Predictions[] said = new Predictions[trials.size()];
        new Workers(settings.threads(), 0)
                .each(
                        IntStream.range(0, said.length).boxed().toList(),
                        () -> false,
                        number -> said[number] = of(trials.get(number), seed, single));
        return List.of(said);
    }

    /** What a head that learned from some of the training rows says of others, under the strength chosen on all. */
    Predictions of(int[] learned, int[] asked, long seed) {
        return of(new Trial(learned, asked), seed, settings);
    }

    private Predictions of(Trial trial, long seed, TorchSettings own) {
        int[] learned = trial.learned();
        int[] asked = trial.asked();
        int[] known = labels(learned);
        boolean named = parts.names().size() > 0;
        Array features = named ? Controls.stacked(some(rows, learned), names) : some(rows, learned);
        int[] all = named
                ? IntStream.concat(
                                Arrays.stream(known),
                                Arrays.stream(parts.names().labels()))
                        .toArray()
                : known;
        double strength = solved.solution().strength();
        LayerMix mix = solved.mix();
        var probe = new LinearProbe(
                new Probe(List.of(strength), 2, 1), own, mix.of(features), all, known.length, labels.size());
        boolean twice = Arrays.stream(known).distinct().count() < known.length;
        LinearProbe.Solution head = mix.undone(named && twice ? probe.solve(seed) : probe.fit(strength));
        return said(labels(asked), head.logits(some(rows, asked)));
    }

    /** What the nearest of some vectors, one a label, says of training rows. */
    Predictions nearest(Array vectors, int[] asked) {
        float[] lengths = vectors.floats();
        int width = Math.toIntExact(vectors.size(1));
        float[] unit = new float[lengths.length];
        for (int label = 0; label < vectors.size(0); label++) {
            double square = 0;
            for (int j = 0; j < width; j++) {
                square += Math.pow(lengths[label * width + j], 2);
            }
            for (int j = 0; j < width; j++) {
                int at = label * width + j;
                unit[at] = (float) (lengths[at] / Math.sqrt(square) / LabelMatching.STANDARD.temperature());
            }
        }
        Array bias = Array.of(new float[labels.size()], labels.size());
        Array weight = Array.of(unit, labels.size(), width);
        Array last = new LayerMix(solved.mix().layers(), 0).of(some(rows, asked));
        return said(labels(asked), LinearProbe.logits(weight, bias, last));
    }

    /** The last layer's features of some training rows, one a row. */
    float[][] vectors(int[] wanted) {
        Array last = new LayerMix(solved.mix().layers(), 0).of(some(rows, wanted));
        int width = Math.toIntExact(last.size(1));
        float[] all = last.floats();
        float[][] vectors = new float[wanted.length][];
        Arrays.setAll(vectors, row -> Arrays.copyOfRange(all, row * width, (row + 1) * width));
        return vectors;
    }

    /** The labels of some training rows. */
    int[] labels(int[] wanted) {
        int[] all = parts.rows().labels();
        return Arrays.stream(wanted).map(row -> all[row]).toArray();
    }

    private Predictions said(int[] expected, float[][] logits) {
        return new Predictions(labels, expected, Logits.probabilities(logits));
    }

    private static Array some(Array features, int[] wanted) {
        int width = Math.toIntExact(features.size(1));
        java.nio.FloatBuffer from = features.bytes().asFloatBuffer();
        float[] some = new float[wanted.length * width];
        for (int i = 0; i < wanted.length; i++) {
            from.get(wanted[i] * width, some, i * width, width);
        }
        return Array.of(some, wanted.length, width);
    }
}
