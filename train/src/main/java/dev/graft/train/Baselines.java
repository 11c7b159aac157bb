package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.eval.Baseline;
import dev.graft.eval.Majority;
import dev.graft.eval.NgramBaseline;
import dev.graft.eval.Predictions;
import dev.graft.task.Corpus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What simple classifiers that learned from the same training rows say of the test rows. */
final class Baselines {
    private Baselines() {}

    /**
     * The predictions of each baseline, by its name.
     *
     * <p>They are asked for before training: fitting them takes heap, which is handed back before libtorch takes its
     * share of the memory.
     */
    static Map<String, Predictions> predictions(Corpus corpus, TextRows train, TextRows test) {
        Map<String, Predictions> predictions = fitted(corpus, train, test);
        System.gc();
        return predictions;
    }

    private static Map<String, Predictions> fitted(Corpus corpus, TextRows train, TextRows test) {
        List<String> names = corpus.labels().names();
        List<String> learned = texts(train);
        List<String> asked = texts(test);
        Map<String, Predictions> predictions = new LinkedHashMap<>();
        for (Baseline baseline : List.of(
                Majority.fit(learned, train.labels(), names.size()),
                NgramBaseline.fit(learned, train.labels(), names.size()))) {
            predictions.put(baseline.name(), new Predictions(names, test.labels(), baseline.probabilities(asked)));
        }
        return predictions;
    }

    private static List<String> texts(TextRows rows) {
        return rows.examples().stream().map(Example::text).toList();
    }
}
