package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.eval.Estimate;
import dev.graft.eval.Lap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RacePlaceTest {
    private static final Race.Result RESULT = new Race.Result(
            Strategy.LP_FT, 3, List.of(new Lap("lp-ft", 3, 1.5, 7.25, 0.9, new Estimate(0.1, 0.05, 0.2), "won")));

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
}
