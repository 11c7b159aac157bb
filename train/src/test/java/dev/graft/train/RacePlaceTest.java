package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.Estimate;
import dev.graft.eval.Lap;
import dev.graft.eval.RowScores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RacePlaceTest {
    private static final Race.Result RESULT = new Race.Result(
            Strategy.LP_FT, 3, List.of(new Lap("lp-ft", 480, 3, 1.5, 7.25, 0.9, new Estimate(0.1, 0.05, 0.2), "won")));

    @TempDir
    Path folder;

    private RacePlace place(String fingerprint) {
        return new RacePlace(new Checkpoints(folder.resolve("model.training"), fingerprint, Duration.ofDays(1)));
    }

    private Race.Result unasked() {
        throw new AssertionError("The race is run again");
    }

    @Test
    void aFinishedRaceIsNotRunAgain() {
        RacePlace place = place("data and model");
        assertThat(place.result(() -> RESULT)).isEqualTo(RESULT);
        assertThat(place.result(this::unasked)).isEqualTo(RESULT);
    }

    @Test
    void aRaceOverOtherDataIs() {
        place("data and model").result(() -> RESULT);
        Race.Result other = new Race.Result(Strategy.HEAD, 0, List.of());
        assertThat(place("other data").result(() -> other)).isEqualTo(other);
    }

    private static final Course.Round ROUND = new Course.Round(1, List.of(0, 2), 480, 3);

    private static Race.Heat heat(double ended) {
        return new Race.Heat(new RowScores(new int[] {4, 2}, new double[] {1, 0}), 1, ended);
    }

    @Test
    void aFinishedLapIsNotRunAgain() {
        place("data and model")
                .keeping((strategy, round, room) -> Optional.of(heat(7)))
                .run(Strategy.LORA, ROUND, 100);
        RacePlace resumed = place("data and model");
        assertThat(resumed.begun()).isTrue();
        assertThat(resumed.elapsed()).isEqualTo(7);
        Race.Track track = resumed.keeping((strategy, round, room) -> Optional.of(heat(9)));
        assertThat(track.run(Strategy.LORA, ROUND, 100)).contains(heat(7));
        assertThat(track.run(Strategy.FULL, ROUND, 100)).contains(heat(9));
    }

    @Test
    void aLapThatWasGivenUpIsTriedAgain() {
        RacePlace place = place("data and model");
        assertThat(place.keeping((strategy, round, room) -> Optional.empty()).run(Strategy.LORA, ROUND, 1))
                .isEmpty();
        assertThat(place.keeping((strategy, round, room) -> Optional.of(heat(9)))
                        .run(Strategy.LORA, ROUND, 100))
                .isPresent();
    }

    /** Stopped after each of its laps, the race takes up all that were finished, and ends as if it had not been. */
    @Test
    void aRaceThatIsStoppedAndGoneOnWithHasTheSameWinner() {
        List<Course.Round> rounds = List.of(new Course.Round(0, List.of(0), 480, 2), ROUND);
        Map<Strategy, Integer> field = RaceTest.longest(List.of(Strategy.LP_FT, Strategy.FULL));
        Race.Track whole = (strategy, round, room) -> Optional.of(lap(strategy));
        Race.Result expected =
                new Race(whole, 720, 1e6, () -> 0, Optional.empty(), 1, Listener.NONE).run(rounds, List.of(), field);
        int runs = 0;
        Optional<Race.Result> result = Optional.empty();
        while (result.isEmpty()) {
            int[] left = {1};
            Race.Track stopping = (strategy, round, room) -> {
                if (left[0]-- == 0) {
                    throw new Interrupted(folder);
                }
                return whole.run(strategy, round, room);
            };
            Race race =
                    new Race(place("same").keeping(stopping), 720, 1e6, () -> 0, Optional.empty(), 1, Listener.NONE);
            runs++;
            try {
                result = Optional.of(race.run(rounds, List.of(), field));
            } catch (Interrupted stopped) {
                assertThat(runs).isLessThan(10);
            }
        }
        assertThat(runs).isEqualTo(expected.laps().size());
        assertThat(result).contains(expected);
    }

    private static Race.Heat lap(Strategy strategy) {
        double[] scores = new double[100];
        Arrays.fill(scores, 0, strategy == Strategy.FULL ? 95 : 90, 1);
        return new Race.Heat(new RowScores(IntStream.range(0, 100).toArray(), scores), 0, 1);
    }
}
