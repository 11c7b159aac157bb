package dev.graft.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Reports of made-up runs. */
final class ReportSample {
    private static final List<String> VERBS = List.of("cancel", "change", "track", "return", "pay_for", "ask_about");
    private static final List<String> THINGS =
            List.of("order", "account", "delivery_address", "refund", "invoice", "password", "card", "subscription");

    private ReportSample() {}

    static ReportData of(int classes, int rows, int epochs) {
        List<String> labels = IntStream.range(0, classes)
                .mapToObj(i -> VERBS.get(i % VERBS.size()) + "_" + THINGS.get(i / VERBS.size() % THINGS.size())
                        + (i >= 48 ? "_again" : ""))
                .toList();
        Predictions tuned = predictions(labels, rows, 0.92);
        var baselines = new LinkedHashMap<String, Predictions>();
        baselines.put("majority class", predictions(labels, rows, 1.0 / classes));
        baselines.put("n-grams + logistic regression", predictions(labels, rows, 0.85));
        List<String> texts = IntStream.range(0, rows)
                .mapToObj(i ->
                        "Row " + i + ": I would like to know what happened to the thing that I asked for last week")
                .toList();
        return new ReportData(
                "support",
                ScoreSheet.of(tuned, baselines, 42),
                "macro F1",
                history(epochs),
                WrongAnswer.worst(tuned, texts, 10),
                "phases:\n- epochs: 5\n  rate: {peak: 5.0e-5, warmup: 0.1}\n",
                Map.of("model", "all-MiniLM-L6-v2"),
                List.of("The labels 'refund' and 'Refund' differ only by case."));
    }

    private static List<HistoryRow> history(int epochs) {
        var history = new ArrayList<HistoryRow>();
        for (int i = 1; i <= epochs; i++) {
            history.add(new HistoryRow(i, "full", 2.5 / i, 0.93 - 0.4 / i, 5e-5 * (epochs - i + 1) / epochs, 21.4));
        }
        return history;
    }

    private static Predictions predictions(List<String> labels, int rows, double accuracy) {
        var random = new Random(42);
        int[] expected = new int[rows];
        float[][] probabilities = new float[rows][labels.size()];
        for (int row = 0; row < rows; row++) {
            expected[row] = random.nextInt(labels.size());
            boolean right = random.nextDouble() < accuracy;
            int neighbour = (expected[row] + 1 + random.nextInt(3) / 2) % labels.size();
            float sure = right ? 0.6f + 0.4f * random.nextFloat() : 0.5f + 0.4f * random.nextFloat();
            probabilities[row][right ? expected[row] : neighbour] = sure;
            probabilities[row][right ? neighbour : expected[row]] += 1 - sure;
        }
        return new Predictions(labels, expected, probabilities);
    }
}
