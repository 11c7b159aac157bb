package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.RowScores;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Races between ways whose true accuracies are known: what the choice costs against the best, on average. */
class RaceChoiceTest {
    private static final int RACES = 300;
    private static final int JUDGED = 300;
    private static final double HEAD = 0.88;
    private static final List<Strategy> FIELD = List.of(Strategy.LP_FT, Strategy.FULL, Strategy.LORA);
    private static final List<Course.Round> ROUNDS =
            List.of(new Course.Round(0, List.of(0), 600, 2), new Course.Round(1, List.of(1), 600, 6));

    /** Rows are hard or easy for all ways alike, so that what they say agrees as it does in life. */
    private record Known(Map<Strategy, Double> accuracy, Random random) {
        Race.Result race() {
            Race.Track track = (strategy, round, room) -> Optional.of(new Race.Heat(said(strategy, round), 0, 1));
            return new Race(track, 900, 1e9, () -> 0, Optional.empty(), 1, Listener.NONE)
                    .run(ROUNDS, List.of(), RaceTest.longest(FIELD));
        }

        private RowScores said(Strategy strategy, Course.Round round) {
            Random shared = new Random(round.number() + accuracy.hashCode());
            double[] scores = new double[JUDGED];
            Arrays.setAll(scores, row -> {
                double hard = 0.9 * shared.nextDouble() + 0.1 * random.nextDouble();
                return hard < strength(strategy) ? 1 : 0;
            });
            return new RowScores(IntStream.range(0, JUDGED).toArray(), scores);
        }

        private double strength(Strategy strategy) {
            return accuracy.getOrDefault(strategy, 0.0);
        }
    }

    /** The mean true accuracy of what the race chose, of the head, and of the best. */
    private static double[] means(double centre, double spread) {
        Random random = new Random(17);
        double[] sums = new double[3];
        for (int i = 0; i < RACES; i++) {
            Map<Strategy, Double> accuracy = new EnumMap<>(Strategy.class);
            accuracy.put(Strategy.HEAD, HEAD);
            FIELD.forEach(strategy -> accuracy.put(strategy, HEAD + centre + spread * random.nextGaussian()));
            Strategy chosen = new Known(accuracy, random).race().winner();
            sums[0] += accuracy.getOrDefault(chosen, 0.0) / RACES;
            sums[1] += HEAD / RACES;
            sums[2] +=
                    accuracy.values().stream().mapToDouble(each -> each).max().orElse(0) / RACES;
        }
        return sums;
    }

    @Test
    void whereTuningHelpsTheRaceTakesMostOfIt() {
        double[] means = means(0.03, 0.02);
        assertThat(means[0]).isGreaterThan(means[1] + 0.8 * (means[2] - means[1]));
    }

    @Test
    void whereTuningHarmsTheHeadStays() {
        double[] means = means(-0.03, 0.01);
        assertThat(means[0]).isGreaterThan(means[1] - 0.001);
    }

    @Test
    void whereTuningMakesNoDifferenceOnAverageTheChoiceStillGains() {
        double[] means = means(0, 0.02);
        assertThat(means[0]).isGreaterThan(means[1] + 0.5 * (means[2] - means[1]));
    }
}
