package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int STEPS = 50;

    private double seconds;

    private Pace pace(double room) {
        Pace pace = new Pace(() -> false, room, () -> seconds);
        pace.epochStarted(1, 2, STEPS);
        return pace;
    }

    /** The step of the first epoch after which a training stops; 0 if it goes on. */
    private int stopped(Pace pace, int slowSteps, double slow, double usual) {
        for (int step = 1; step <= STEPS; step++) {
            seconds += step <= slowSteps ? slow : usual;
            pace.stepEnded(step, 0);
            if (pace.getAsBoolean()) {
                return step;
            }
        }
        return 0;
    }

    @Test
    void aTrainingThatDoesNotFitStopsAfterTwoTenths() {
        assertThat(stopped(pace(90), 0, 0, 1)).isEqualTo(20);
        assertThat(stopped(pace(110), 0, 0, 1)).isZero();
    }

    /** Ten times as slow for the first tenth; at that pace it would take 500 s, at the usual one 75. */
    @Test
    void aBusyMomentEndsNothing() {
        assertThat(stopped(pace(160), 10, 5, 0.5)).isZero();
        assertThat(stopped(pace(160), 20, 5, 0.5)).isEqualTo(20);
    }

    @Test
    void aTrainingThatBecomesSlowStopsOnceItsTimeIsOver() {
        Pace pace = pace(60);
        assertThat(stopped(pace, 0, 0, 0.5)).isZero();
        pace.epochStarted(2, 2, STEPS);
        assertThat(stopped(pace, STEPS, 1, 1)).isEqualTo(21);
    }

    @Test
    void whatCameBeforeATrainingCounts() {
        Pace pace = pace(110);
        seconds += 20;
        pace.epochStarted(1, 2, STEPS);
        assertThat(stopped(pace, 0, 0, 1)).isEqualTo(20);
        pace.begin();
        pace.epochStarted(1, 2, STEPS);
        assertThat(stopped(pace, 0, 0, 1)).isZero();
    }

    @Test
    void anInterruptionStops() {
        Pace pace = new Pace(() -> true, 1e6, () -> seconds);
        assertThat(pace.getAsBoolean()).isTrue();
    }
}
