package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.eval.Baseline;
import dev.graft.eval.Majority;
import dev.graft.eval.NgramBaseline;
import dev.graft.eval.NgramLabels;
import dev.graft.eval.NgramRidge;
import dev.graft.eval.Scorable;
import dev.graft.task.Truth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What simple models that learned from the same training rows say of the test rows. */
final class Baselines {
    private Baselines() {}

    /**
     * The answers of each baseline, by its name, the strongest last.
     *
     * <p>They are asked for before training: fitting them takes heap, which is handed back before libtorch takes its
     * share of the memory.
     */
    static Map<String, Scorable> predictions(Parts parts, KeptResults kept) {
        Map<String, Scorable> predictions = fitted(parts, kept);
        System.gc();
        return predictions;
    }

    private static Map<String, Scorable> fitted(Parts parts, KeptResults kept) {
        List<String> learned = texts(parts.rows());
        Truth truth = parts.rows().truth();
        Map<String, Scorable> said = new LinkedHashMap<>();
        if (truth instanceof Truth.Sets sets) {
            said.put("label shares", parts.scored(rows -> shares(sets.has(), rows.size())));
            var words = new Fitted<>(NgramLabels.NAME, () -> NgramLabels.fit(learned, sets.has()), parts.rows(), kept);
            said.put(
                    NgramLabels.NAME,
                    parts.scored(rows -> words.of(rows, fitted -> fitted.probabilities(texts(rows)))));
        } else if (truth instanceof Truth.Numbers numbers) {
            double mean = Arrays.stream(numbers.values()).average().orElse(0);
            said.put(
                    "mean",
                    parts.scored(rows -> column(IntStream.range(0, rows.size())
                            .mapToDouble(row -> mean)
                            .toArray())));
            var words =
                    new Fitted<>(NgramRidge.NAME, () -> NgramRidge.fit(learned, numbers.values()), parts.rows(), kept);
            said.put(
                    NgramRidge.NAME,
                    parts.scored(rows -> words.of(rows, fitted -> column(fitted.numbers(texts(rows))))));
        } else {
            int classes = parts.rows().labelSet().size();
            int[] labels = parts.rows().labels();
            Baseline majority = Majority.fit(learned, labels, classes);
            said.put(majority.name(), parts.scored(rows -> majority.probabilities(texts(rows))));
            var words = new Fitted<>(
                    NgramBaseline.NAME, () -> NgramBaseline.fit(learned, labels, classes), parts.rows(), kept);
            said.put(
                    NgramBaseline.NAME,
                    parts.scored(rows -> words.of(rows, fitted -> fitted.probabilities(texts(rows)))));
        }
        return said;
    }

    /** A model that is fitted when its answers are not kept from before. */
    private static final class Fitted<M> {
        private final String name;
        private final Supplier<M> fitting;
        private final String learned;
        private final KeptResults kept;
        private @Nullable M model;

        Fitted(String name, Supplier<M> fitting, TextRows rows, KeptResults kept) {
            this.name = name;
            this.fitting = fitting;
            this.learned = rows.digestOfTexts();
            this.kept = kept;
        }

        float[][] of(TextRows rows, Function<M, float[][]> answers) {
            return kept.answers(
                    KeptResults.key(name, learned, rows.digestOfTexts()), rows.size(), () -> answers.apply(model()));
        }

        private M model() {
            M fitted = model == null ? fitting.get() : model;
            model = fitted;
            return fitted;
        }
    }

    /** Each text has each label with the share of training rows that have it. */
    private static float[][] shares(boolean[][] has, int rows) {
        float[] shares = new float[has[0].length];
        for (int label = 0; label < shares.length; label++) {
            int column = label;
            shares[label] =
                    (float) Arrays.stream(has).filter(row -> row[column]).count() / has.length;
        }
        float[][] all = new float[rows][];
        Arrays.setAll(all, row -> shares.clone());
        return all;
    }

    private static float[][] column(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> new float[] {(float) value})
                .toArray(float[][]::new);
    }

    private static List<String> texts(TextRows rows) {
        return rows.examples().stream().map(Example::text).toList();
    }
}
