package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final long SECOND = 1_000_000_000;
    private static final CostModel COST = new CostModel(1_000_000, 100_000, 0);
    private static final double CLOSE = 1e-6;

    @Test
    void nothingWaitsAtFirst() {
        assertThat(new Backlog(COST, 2).untilEmpty(5)).isZero();
    }

    @Test
    void whatWaitsIsSharedByTheLanes() {
        for (int lanes = 1; lanes <= 3; lanes++) {
            var backlog = new Backlog(COST, lanes);
            for (int i = 0; i < 6; i++) {
                backlog.add(10);
            }
            assertThat(backlog.untilEmpty(0)).isEqualTo(Duration.ofMillis(6 / lanes));
        }
    }

    @Test
    void whatIsUnderWayCountsUntilItsTimeIsOver() {
        var backlog = new Backlog(COST, 1);
        backlog.begin(0, 2, 10, 0);
        assertThat(backlog.untilEmpty(1_000_000)).isEqualTo(Duration.ofMillis(2));
        assertThat(backlog.untilEmpty(9_000_000)).isZero();
        backlog.end(0, 9_000_000);
        assertThat(backlog.untilEmpty(9_000_000)).isZero();
    }

    @Test
    void whatLeavesNoLongerCounts() {
        var backlog = new Backlog(COST, 1);
        backlog.add(7);
        backlog.add(13);
        backlog.remove(7, false);
        assertThat(backlog.untilEmpty(0)).isEqualTo(Duration.ofNanos(1_300_000));
        backlog.remove(13, true);
        assertThat(backlog.untilEmpty(0)).isZero();
    }

    @Test
    void aMachineThatIsSlowerThanMeasuredIsFoundOut() {
        var backlog = new Backlog(COST, 1);
        long now = 0;
        for (int i = 0; i < 200; i++) {
            backlog.begin(0, 1, 10, now);
            now += 6_000_000; // three times what the model says
            backlog.end(0, now);
        }
        assertThat(backlog.pace(now)).isCloseTo(3, within(0.2));
        backlog.add(10);
        assertThat(backlog.untilEmpty(now)).isBetween(Duration.ofNanos(2_700_000), Duration.ofNanos(3_200_000));
    }

    @Test
    void aMachineThatIsFasterThanMeasuredIsNotReliedOn() {
        var backlog = new Backlog(COST, 1);
        for (int i = 0; i < 50; i++) {
            backlog.begin(0, 1, 10, 0);
            backlog.end(0, 1);
        }
        assertThat(backlog.pace(1)).isEqualTo(1);
    }

    @Test
    void slownessIsForgottenWhereNothingIsMeasured() {
        var backlog = new Backlog(COST, 1);
        backlog.begin(0, 1, 10, 0);
        backlog.end(0, 1000 * SECOND);
        double slow = backlog.pace(1000 * SECOND);
        assertThat(slow).isGreaterThan(5);
        assertThat(backlog.pace(1020 * SECOND)).isCloseTo(1, within(CLOSE));
    }

    @Test
    void theEndOfALaneThatComputedNothingTellsNothing() {
        var backlog = new Backlog(COST, 2);
        backlog.end(1, 50 * SECOND);
        assertThat(backlog.pace(50 * SECOND)).isEqualTo(1);
    }
}
