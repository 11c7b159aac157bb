package dev.graft.train;

import dev.graft.data.Example;
import dev.graft.eval.Baseline;
import dev.graft.eval.Majority;
import dev.graft.eval.NgramBaseline;
import dev.graft.eval.Predictions;
import dev.graft.eval.ScoreSheet;
import dev.graft.task.Corpus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores a tuned model on the test rows beside baselines that learned from the same training rows. */
final class Scoring {
    private Scoring() {}

    static ScoreSheet of(Corpus corpus, TextRows train, TextRows test, float[][] logits, long seed) {
        List<String> names = corpus.labels().names();
        List<String> learned = texts(train);
        List<String> asked = texts(test);
        Map<String, Predictions> baselines = new LinkedHashMap<>();
        for (Baseline baseline : List.of(
                Majority.fit(learned, train.labels(), names.size()),
                NgramBaseline.fit(learned, train.labels(), names.size()))) {
            baselines.put(baseline.name(), new Predictions(names, test.labels(), baseline.probabilities(asked)));
        }
        return ScoreSheet.of(new Predictions(names, test.labels(), Logits.probabilities(logits)), baselines, seed);
    }

    private static List<String> texts(TextRows rows) {
        return rows.examples().stream().map(Example::text).toList();
    }
}
