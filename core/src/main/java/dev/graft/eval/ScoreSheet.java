package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A tuned model's scores beside its baselines' on the same rows: what {@code scores.json} holds.
 *
 * @param headline one sentence: whether the model beats the best baseline
 * @param scores the tuned model's
 * @param baselines the baselines', by name
 * @param comparisons the tuned model against each baseline, by the baseline's name, in the baselines' order
 * @param controls cheaper ways to the same answers, which show what transfer and fine-tuning were worth
 * @param race of the ways to fine-tune among which this one was chosen; empty where none was held
 * @param prospects what the frozen features said beforehand of what a race can bring, by name; empty where none was held
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ScoreSheet(
        String headline,
        Scores scores,
        Map<String, Scores> baselines,
        Map<String, Comparison> comparisons,
        List<Control> controls,
        List<Lap> race,
        Map<String, Double> prospects) {
    public ScoreSheet {
        if (!baselines.keySet().equals(comparisons.keySet())) {
            throw new IllegalArgumentException(
                    "Baselines " + baselines.keySet() + " but comparisons with " + comparisons.keySet());
        }
        var ordered = new LinkedHashMap<String, Comparison>();
        for (String name : baselines.keySet()) {
            ordered.put(name, Objects.requireNonNull(comparisons.get(name), name));
        }
        baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
        comparisons = Collections.unmodifiableMap(ordered);
        controls = List.copyOf(controls);
        race = List.copyOf(race);
        prospects = Collections.unmodifiableMap(new LinkedHashMap<>(prospects));
    }

    /** Scores a model and its baselines on the same rows; the seed decides the intervals' resamples. */
    public static ScoreSheet of(Scorable tuned, Map<String, ? extends Scorable> baselines, long seed) {
        var scores = new LinkedHashMap<String, Scores>();
        var comparisons = new LinkedHashMap<String, Comparison>();
        baselines.forEach((name, predictions) -> {
            scores.put(name, Evaluation.of(predictions, seed));
            comparisons.put(name, Comparison.paired(tuned, predictions, seed));
        });
        Scores own = Evaluation.of(tuned, seed);
        return new ScoreSheet(
                Headline.of(own, scores, comparisons), own, scores, comparisons, List.of(), List.of(), Map.of());
    }

    /** This sheet with controls. */
    public ScoreSheet withControls(List<Control> others) {
        return new ScoreSheet(headline, scores, baselines, comparisons, others, race, prospects);
    }

    /** This sheet with a race, and what was known before it. */
    public ScoreSheet withRace(List<Lap> laps, Map<String, Double> before) {
        return new ScoreSheet(headline, scores, baselines, comparisons, controls, laps, before);
    }
}
