package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.predict.Terms;
import dev.graft.watch.Visit;
import dev.graft.watch.Watch;
import dev.graft.watch.WatchSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RoomTest {
    private static final long EACH = 100;
    private static final Watch WATCH = Watch.start(WatchSettings.DEFAULT, says -> {});

    @AfterAll
    static void stop() {
        WATCH.close();
    }

    @TempDir
    static Path folder;

    private final Meters meters = new Meters(WATCH);
    private final RoomMeters figures = meters.room();
    private final ExecutorService workers = Workers.of(4);
    private final Closing closing = new Closing();
    private final AtomicLong process = new AtomicLong();
    private final AtomicInteger opened = new AtomicInteger();
    private final List<Place> places = new ArrayList<>();
    private Room room = new Room(0, process::get, figures, closing);
    private Path bundle = Path.of("");

    @BeforeEach
    void write() throws IOException {
        bundle = Running.bundle(folder);
    }

    @AfterEach
    void close() {
        places.forEach(place -> room.apart(() -> room.dismiss(place)));
        room.close();
        closing.await();
        workers.shutdown();
    }

    private void limit(long bytes) {
        room.close();
        room = new Room(bytes, process::get, figures, closing);
    }

    /** A tiny bundle that says it takes a hundred bytes, or as many as the process grows by when it is opened. */
    private record Counted(RoomTest test, String version, long growth) implements Source {
        @Override
        public String identity() {
            return version;
        }

        @Override
        public long leastBytes() {
            return EACH;
        }

        @Override
        public boolean measured() {
            return growth > 0;
        }

        @Override
        public ServedModel open(boolean everything) {
            test.opened.incrementAndGet();
            test.process.addAndGet(growth);
            return ServedModel.open(
                    "tiny", test.bundle, version, everything, Running.SETTINGS, test.meters, test.workers);
        }
    }

    private Place place(String version, long growth) {
        var place = new Place("tiny", new Counted(this, version, growth), room, workers);
        places.add(place);
        return place;
    }

    private Place place(String version) {
        return place(version, 0);
    }

    private static Models.Use use(Place place) {
        return place.hold(Terms.NONE).orElseThrow().join();
    }

    private static Visit visit() {
        return WATCH.visit("predict", header -> null);
    }

    private static void ask(Place place) {
        try (Models.Use use = use(place)) {
            use.model()
                    .ask(TextRow.all(List.of("card")), Truncation.AT_END, Terms.NONE, visit())
                    .join();
        }
    }

    private double figure(String name) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatWasAskedLeastRecentlyGoesFirstAndComesBack() {
        limit(2 * EACH);
        Place a = place("a");
        Place b = place("b");
        Place c = place("c");
        ask(a);
        ask(b);
        ask(a);
        ask(c);
        assertThat(List.of(a.inMemory(), b.inMemory(), c.inMemory())).containsExactly(true, false, true);
        ask(b);
        assertThat(List.of(a.inMemory(), b.inMemory(), c.inMemory())).containsExactly(false, true, true);
        assertThat(opened.get()).isEqualTo(4);
        assertThat(figure("graft_models_loads_total")).isEqualTo(4);
        assertThat(figure("graft_models_evictions_total")).isEqualTo(2);
        assertThat(figure("graft_models_in_memory")).isEqualTo(2);
        assertThat(figure("graft_models_memory_bytes")).isEqualTo(2 * EACH);
    }

    @Test
    void whoWaitsForOneModelLoadsItOnce() {
        Place place = place("a");
        var waiting = new ArrayList<CompletableFuture<Models.Use>>();
        for (int i = 0; i < 20; i++) {
            waiting.add(place.hold(Terms.NONE).orElseThrow());
        }
        waiting.forEach(use -> use.join().close());
        assertThat(opened.get()).isEqualTo(1);
    }

    @Test
    void whatIsInUseStaysUntilItIsLeft() throws Exception {
        limit(EACH);
        Place a = place("a");
        Place b = place("b");
        Models.Use use = use(a);
        CompletableFuture<Models.Use> waiting = b.hold(Terms.NONE).orElseThrow();
        Thread.sleep(200);
        assertThat(waiting).isNotDone();
        assertThat(use.model()
                        .ask(TextRow.all(List.of("card")), Truncation.AT_END, Terms.NONE, visit())
                        .join())
                .hasSize(1);
        use.close();
        waiting.join().close();
        assertThat(a.inMemory()).isFalse();
    }

    @Test
    void aRequestWaitsNoLongerThanItsDeadline() {
        limit(EACH);
        Models.Use use = use(place("a"));
        Terms soon = Terms.within(Duration.ofMillis(50), 0);
        assertThatThrownBy(() -> place("b").hold(soon).orElseThrow().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(Problem.class)
                .hasMessageContaining("did not come back into memory in time");
        use.close();
    }

    @Test
    void aModelAboveTheWholeLimitIsRefusedAndTheOthersStay() {
        limit(3 * EACH);
        Place small = place("small");
        ask(small);
        assertThatThrownBy(() -> room.apart(() -> room.bring(place("large", 5 * EACH), true)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The model 'tiny' takes 1 MB of memory, and --memory allows 1 MB");
        assertThat(small.inMemory()).isTrue();
    }

    @Test
    void whatAModelTakesIsWhatTheProcessGrewBy() {
        limit(10 * EACH);
        Place a = place("a", 6 * EACH);
        ask(a);
        assertThat(figure("graft_models_memory_bytes")).isEqualTo(6 * EACH);
        Place b = place("b", 5 * EACH);
        ask(b);
        assertThat(a.inMemory()).isFalse();
        assertThat(figure("graft_models_memory_bytes")).isEqualTo(5 * EACH);
    }

    @Test
    void atTheStartWhatDoesNotFitStaysOutUntilItIsAsked() {
        limit(EACH);
        Place a = place("a");
        Place b = place("b");
        room.apart(() -> room.bring(a, false));
        room.apart(() -> room.bring(b, false));
        assertThat(List.of(a.inMemory(), b.inMemory())).containsExactly(true, false);
        ask(b);
        assertThat(b.inMemory()).isTrue();
    }

    @Test
    void aBundleThatIsRefusedIsToldToWhoWaits() {
        bundle = folder.resolve("nothing");
        assertThatThrownBy(() -> use(place("a")))
                .hasRootCauseInstanceOf(Problem.class)
                .hasMessageContaining("There is no bundle");
    }

    /** Would show two models thrown out of memory in turns, with neither ever answering. */
    @Test
    void manyWhoAskForMoreThanFitsAreAllAnswered() throws Exception {
        limit(2 * EACH);
        for (int i = 0; i < 5; i++) {
            place("v" + i);
        }
        var done = new CountDownLatch(8);
        var failures = new AtomicInteger();
        for (int thread = 0; thread < 8; thread++) {
            var random = new Random(thread);
            new Thread(() -> {
                        for (int i = 0; i < 25; i++) {
                            try {
                                askCounted(places.get(random.nextInt(5)));
                            } catch (RuntimeException e) {
                                failures.incrementAndGet();
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertThat(failures.get()).isZero();
        assertThat(figure("graft_models_evictions_total")).isPositive();
        assertThat(figure("graft_models_in_memory")).isLessThanOrEqualTo(2);
    }

    private void askCounted(Place place) {
        try (Models.Use use = use(place)) {
            assertThat(use.model().version()).isEqualTo(place.version());
            use.model()
                    .ask(TextRow.all(List.of("card")), Truncation.AT_END, Terms.NONE, visit())
                    .join();
        }
    }
}
