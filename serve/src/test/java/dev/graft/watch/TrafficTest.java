package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final Outcome INVALID = new Outcome("validation", 422, Outcome.Blame.CALLER);
    private static final Outcome FULL = new Outcome("overloaded", 429, Outcome.Blame.SERVICE);

    private final ManualClock clock = new ManualClock();
    private final Traffic traffic = new Traffic(clock);

    private void answer(String model) {
        traffic.ended(Optional.of(model), Outcome.SUCCESS, 5_000_000);
    }

    @Test
    void aWindowHoldsWhatHappenedInItAndNothingOlder() {
        answer("a");
        clock.pass(Duration.ofMinutes(1));
        answer("a");
        answer("b");
        assertThat(traffic.of("a").sum(Duration.ofSeconds(30)).requests()).isEqualTo(1);
        assertThat(traffic.of("a").sum(Duration.ofMinutes(5)).requests()).isEqualTo(2);
        assertThat(traffic.sum(Duration.ofMinutes(5)).requests()).isEqualTo(3);
        clock.pass(Duration.ofMinutes(20));
        assertThat(traffic.sum(Duration.ofMinutes(15)).requests()).isZero();
    }

    @Test
    void whatComesRoundToAnOldPlaceBeginsAnew() {
        for (int i = 0; i < 3 * Timeline.SLOTS; i++) {
            answer("a");
            clock.pass(Timeline.STEP);
        }
        assertThat(traffic.of("a")
                        .sum(Timeline.STEP.multipliedBy(Timeline.SLOTS))
                        .requests())
                .isEqualTo(Timeline.SLOTS - 1);
    }

    @Test
    void errorsAreOfTheCallerOrOfTheService() {
        answer("a");
        traffic.ended(Optional.of("a"), INVALID, 1);
        traffic.ended(Optional.empty(), FULL, 1);
        Slot sum = traffic.sum(Duration.ofMinutes(1));
        assertThat(sum.requests()).isEqualTo(3);
        assertThat(sum.refused()).isEqualTo(1);
        assertThat(sum.failures()).isEqualTo(1);
        assertThat(sum.failureShare()).isEqualTo(1.0 / 3);
        assertThat(sum.latency().count()).as("answered requests alone").isEqualTo(1);
    }

    @Test
    void sharesAndMeansAreThoseOfAllModels() {
        traffic.of("a").cache(true);
        traffic.of("b").cache(false);
        traffic.of("a").batch(8, 75, 100);
        traffic.of("b").batch(2, 100, 100);
        Slot sum = traffic.sum(Duration.ofMinutes(1));
        assertThat(sum.hitShare()).isEqualTo(0.5);
        assertThat(sum.batchRows()).isEqualTo(5);
        assertThat(sum.paddingShare()).isEqualTo(0.125);
        assertThat(new Slot(0).hitShare()).isNaN();
    }

    @Test
    void theStepsAreAQuarterOfAnHourWithoutTheOneThatIsBeingFilled() {
        answer("a");
        clock.pass(Timeline.STEP);
        answer("a");
        answer("b");
        List<Slot> steps = traffic.steps(Timeline.SLOTS);
        assertThat(steps).hasSize(Timeline.SLOTS - 1);
        assertThat(steps.get(steps.size() - 1).requests()).isEqualTo(1);
        assertThat(steps.stream().mapToLong(Slot::requests).sum()).isEqualTo(1);
        clock.pass(Timeline.STEP);
        assertThat(traffic.steps(Timeline.SLOTS).stream()
                        .mapToLong(Slot::requests)
                        .sum())
                .isEqualTo(3);
    }

    @Test
    void theQueuesOfAModelsVersionsAreOne() {
        var old = new AtomicInteger(7);
        var fresh = new AtomicInteger(3);
        java.util.function.IntSupplier oldQueue = old::get;
        traffic.watch("a", oldQueue);
        traffic.watch("a", fresh::get);
        assertThat(traffic.queued("a")).isEqualTo(10);
        traffic.unwatch("a", oldQueue);
        traffic.unwatch("b", oldQueue);
        traffic.look();
        assertThat(traffic.sum(Duration.ofMinutes(1)).queued()).isEqualTo(3);
        assertThat(traffic.queued("a")).isEqualTo(3);
        assertThat(traffic.queued("b")).isZero();
    }

    @Test
    void nothingIsLostWhenManyThreadsRecord() {
        CompletableFuture<?>[] threads = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        answer("a");
                    }
                }))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(threads).join();
        assertThat(traffic.sum(Duration.ofMinutes(1)).latency().count()).isEqualTo(40_000);
    }
}
