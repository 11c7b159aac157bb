package dev.graft.eval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a report tells.
 *
 * @param title what was trained, for example {@code support}
 * @param sheet the headline, the scores and the baselines'
 * @param validationMetric the name of the score that epochs are chosen by, for example {@code macro F1}
 * @param history a row for each epoch; empty where nothing was trained
 * @param worstErrors the most confident wrong answers, or the numbers that are furthest off
 * @param policy the training policy as the text of {@code policy.yaml}; empty where nothing was trained
 * @param provenance where everything came from, in the order to be shown
 * @param warnings what the reader should know before believing the scores
 */
public record ReportData(
        String title,
        ScoreSheet sheet,
        String validationMetric,
        List<HistoryRow> history,
        List<? extends Mistake> worstErrors,
        String policy,
        Map<String, String> provenance,
        List<String> warnings) {
    public ReportData {
        history = List.copyOf(history);
        worstErrors = List.copyOf(worstErrors);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        warnings = List.copyOf(warnings);
    }
}
