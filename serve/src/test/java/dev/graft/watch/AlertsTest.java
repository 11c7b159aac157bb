package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.watch.Alert.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private static final Outcome FULL = new Outcome("overloaded", 429, Outcome.Blame.SERVICE);
    private static final Outcome INVALID = new Outcome("validation", 422, Outcome.Blame.CALLER);
    private static final int A_SECOND = 2;

    private final ManualClock clock = new ManualClock();
    private final Traffic traffic = new Traffic(clock);
    private final List<String> told = new ArrayList<>();
    private final Alerts alerts = new Alerts(
            Rule.BUILT_IN,
            traffic,
            clock,
            (before, after) -> told.add(after.rule().name() + " " + after.state()));

    /** Traffic of some minutes, a look every ten seconds as the server has it. */
    private void pass(Duration time, Outcome outcome, long millis) {
        for (long second = 0; second < time.toSeconds(); second += 10) {
            for (int i = 0; i < 10 * A_SECOND; i++) {
                traffic.ended(Optional.of("tiny"), outcome, millis * 1_000_000);
            }
            clock.pass(Timeline.STEP);
            traffic.look();
            alerts.look();
        }
    }

    private Alert alert(String rule) {
        return alerts.all().stream()
                .filter(alert -> alert.rule().name().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSlowModelIsPendingForAMinuteAndThenFires() {
        pass(Duration.ofSeconds(20), Outcome.SUCCESS, 150);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.PENDING);
        assertThat(told).isEmpty();
        pass(Duration.ofSeconds(60), Outcome.SUCCESS, 150);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.FIRING);
        assertThat(alert("GraftLatencyP50High").model()).isEqualTo("tiny");
        assertThat(alert("GraftLatencyP50High").value()).isBetween(0.13, 0.17);
        assertThat(alert("GraftLatencyP99High").state()).isEqualTo(State.OK);
        assertThat(told).containsExactly("GraftLatencyP50High FIRING");
    }

    @Test
    void oneInAHundredThatIsVerySlowIsCritical() {
        for (int i = 0; i < 12; i++) {
            pass(Duration.ofSeconds(10), Outcome.SUCCESS, 20);
            traffic.ended(Optional.of("tiny"), Outcome.SUCCESS, 900_000_000);
        }
        assertThat(alert("GraftLatencyP99High").state()).isEqualTo(State.FIRING);
        assertThat(alert("GraftLatencyP99High").rule().severity()).isEqualTo(Rule.Severity.CRITICAL);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.OK);
    }

    @Test
    void aFigureBetweenItsTwoValuesNeitherBeginsAnAlertNorEndsIt() {
        pass(Duration.ofMinutes(6), Outcome.SUCCESS, 92);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.OK);
        pass(Duration.ofMinutes(6), Outcome.SUCCESS, 150);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.FIRING);
        pass(Duration.ofMinutes(30), Outcome.SUCCESS, 92);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.FIRING);
        assertThat(told).hasSize(1);
    }

    @Test
    void anAlertEndsAMinuteAfterItsFigureIsLow() {
        pass(Duration.ofMinutes(6), Outcome.SUCCESS, 150);
        pass(Duration.ofMinutes(3), Outcome.SUCCESS, 10);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.FIRING);
        assertThat(alert("GraftLatencyP50High").value()).isLessThan(0.08);
        pass(Duration.ofMinutes(1), Outcome.SUCCESS, 10);
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.OK);
        assertThat(told).containsExactly("GraftLatencyP50High FIRING", "GraftLatencyP50High OK");
    }

    @Test
    void anAlertEndsWhereNobodyAsksAnyMore() {
        pass(Duration.ofMinutes(2), Outcome.SUCCESS, 150);
        for (int i = 0; i < 60; i++) {
            clock.pass(Timeline.STEP);
            alerts.look();
        }
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.OK);
        assertThat(alert("GraftLatencyP50High").value()).isNaN();
    }

    @Test
    void aFewRequestsSayNothing() {
        for (int i = 0; i < Rule.FEWEST_REQUESTS - 1; i++) {
            traffic.ended(Optional.of("tiny"), Outcome.SUCCESS, 2_000_000_000);
            traffic.ended(Optional.empty(), FULL, 0);
        }
        clock.pass(Duration.ofMinutes(1));
        alerts.look();
        assertThat(alert("GraftLatencyP50High").state()).isEqualTo(State.OK);
        assertThat(alert("GraftLatencyP50High").value()).isNaN();
    }

    @Test
    void errorsOfTheServiceAreAnAlertAndThoseOfCallersAreNot() {
        pass(Duration.ofMinutes(3), INVALID, 1);
        assertThat(alert("GraftErrorShareHigh").state()).isEqualTo(State.OK);
        pass(Duration.ofMinutes(3), FULL, 1);
        assertThat(alert("GraftErrorShareHigh").state()).isEqualTo(State.FIRING);
        assertThat(alert("GraftErrorShareHigh").model()).isEmpty();
        assertThat(alert("GraftErrorShareHigh").value()).isGreaterThan(0.4);
    }

    @Test
    void aQueueThatGrowsIsAnAlertAndAFullOneThatDoesNotIsNone() {
        var queued = new AtomicInteger(500);
        traffic.watch("tiny", queued::get);
        pass(Duration.ofMinutes(3), Outcome.SUCCESS, 5);
        assertThat(alert("GraftQueueGrowing").state()).isEqualTo(State.OK);
        assertThat(alert("GraftQueueGrowing").value()).isZero();
        for (int i = 0; i < 18; i++) {
            queued.addAndGet(20);
            pass(Duration.ofSeconds(10), Outcome.SUCCESS, 5);
        }
        assertThat(alert("GraftQueueGrowing").state()).isEqualTo(State.FIRING);
        assertThat(alert("GraftQueueGrowing").value()).isBetween(1.99, 2.01);
    }

    @Test
    void whatFiresIsListedFirst() {
        pass(Duration.ofMinutes(3), Outcome.SUCCESS, 700);
        assertThat(alerts.all())
                .extracting(alert -> alert.rule().name())
                .containsExactly(
                        "GraftLatencyP50High", "GraftLatencyP99High", "GraftErrorShareHigh", "GraftQueueGrowing");
        assertThat(alerts.all().get(1).state()).isEqualTo(State.FIRING);
        assertThat(AlertText.list(alerts.all()))
                .startsWith("{\"alerts\":[{\"rule\":\"GraftLatencyP50High\",\"severity\":\"warning\","
                        + "\"state\":\"firing\",\"model\":\"tiny\",\"value\":0.")
                .contains("\"above\":0.1,\"below\":0.08,\"since\":\"2026-11-21T12:01:10Z\"");
    }
}
