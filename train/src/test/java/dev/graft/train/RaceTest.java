package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.Lap;
import dev.graft.eval.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final int ROWS = 200;
    private static final double ENOUGH = 1e6;

    /** Each epoch takes ten seconds; a contender's wrong answers are known by its name and epochs. */
    private static final class Track implements Race.Track {
        private final Map<String, Integer> wrong;
        private final List<String> asked = new ArrayList<>();
        private double seconds;

        Track(Map<String, Integer> wrong) {
            this.wrong = wrong;
        }

        @Override
        public Optional<Predictions> run(Strategy strategy, int epochs, double room) {
            String name = strategy.spelled() + " " + epochs;
            asked.add(name);
            if (10 * epochs > room) {
                return Optional.empty();
            }
            seconds += 10 * epochs + 1;
            int rows = wrong.getOrDefault(name, ROWS / 2);
            float[][] said = new float[ROWS][];
            Arrays.setAll(said, row -> row < rows ? new float[] {0.1f, 0.9f} : new float[] {0.9f, 0.1f});
            return Optional.of(new Predictions(List.of("a", "b"), new int[ROWS], said));
        }

        double seconds() {
            return seconds;
        }
    }

    private static Race.Result run(Track track, double budget) {
        return new Race(track, budget, track::seconds, 42, Listener.NONE).run(Race.FIELD, 10);
    }

    @Test
    void theBetterHalfGoesOnForLonger() {
        Track track =
                new Track(Map.of("head 0", 40, "full 1", 60, "lora 1", 50, "full 3", 20, "lora 3", 30, "full 8", 10));
        Race.Result result = run(track, ENOUGH);
        assertThat(track.asked)
                .containsExactly(
                        "head 0",
                        "lp-ft 1",
                        "lora 1",
                        "full 1",
                        "gradual 1",
                        "layered 1",
                        "lora 3",
                        "full 3",
                        "full 8");
        assertThat(result.winner()).isEqualTo(Strategy.FULL);
        assertThat(result.epochs()).isEqualTo(8);
        assertThat(result.laps())
                .last()
                .satisfies(lap -> assertThat(lap.ending()).isEqualTo("won"));
        assertThat(result.laps())
                .filteredOn(lap -> lap.contender().equals("layered"))
                .extracting(Lap::ending)
                .containsExactly("in the lower half of its round");
    }

    @Test
    void whoIsClearlyBehindTheHeadAfterThreeEpochsDropsOut() {
        Track track = new Track(Map.of("head 0", 10, "full 1", 90, "lora 1", 80, "full 3", 60, "lora 3", 50));
        Race.Result result = run(track, ENOUGH);
        assertThat(track.asked).last().isEqualTo("full 3");
        assertThat(result.winner()).isEqualTo(Strategy.HEAD);
        assertThat(result.laps())
                .filteredOn(lap -> lap.epochs() == 3)
                .extracting(Lap::ending)
                .containsOnly("behind the head by more than the noise");
    }

    @Test
    void aLapIsBegunOnlyIfTheFinalTrainingFitsToo() {
        Track track = new Track(Map.of("head 0", 40, "full 1", 30, "full 3", 20));
        Race.Result result = run(track, 110);
        assertThat(result.winner()).isEqualTo(Strategy.FULL);
        assertThat(result.epochs()).isEqualTo(1);
        assertThat(track.asked).doesNotContain("full 3");
        assertThat(result.laps())
                .last()
                .satisfies(lap -> assertThat(lap.ended()).isLessThan(110));
    }

    @Test
    void withoutTimeTheHeadWins() {
        Race.Result result = run(new Track(Map.of()), 1);
        assertThat(result.winner()).isEqualTo(Strategy.HEAD);
        assertThat(result.laps())
                .singleElement()
                .satisfies(lap -> assertThat(lap.ending()).isEqualTo("won"));
    }

    @Test
    void noMoreEpochsAreRunThanAsked() {
        Track track = new Track(Map.of("full 1", 1, "full 2", 0));
        new Race(track, ENOUGH, track::seconds, 42, Listener.NONE).run(Race.FIELD, 2);
        assertThat(track.asked).contains("full 2").noneMatch(name -> name.endsWith(" 3") || name.endsWith(" 8"));
    }

    @Test
    void ofEquallyAccurateLapsTheCheaperWins() {
        Track track = new Track(Map.of("head 0", 20, "full 1", 20, "lora 1", 20));
        assertThat(run(track, ENOUGH).winner()).isEqualTo(Strategy.HEAD);
    }
}
