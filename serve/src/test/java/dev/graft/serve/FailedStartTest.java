package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot start leaves nothing running. */
@Timeout(60)
class FailedStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** Settings with everything that has threads of its own. */
    private ServeSettings settings(Path jobs) throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.yaml"), "shop: 0123456789abcdef\n");
        return RunningJobs.in(jobs)
                .withSecurity(new Security(
                        Optional.of(keys), 0, false, Optional.empty(), 100, Security.NONE.patience(), notice -> {}));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("graft-")
                        || thread.getName().contains("boss"))
                .collect(Collectors.toSet());
    }

    /** Only threads that began since count: those of a server that another test closed may still be ending. */
    private static List<String> since(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(thread -> thread.getName() + " " + List.of(thread.getStackTrace()))
                .sorted()
                .toList();
    }

    /** Longer than the event loops may take, whose bound is five seconds. */
    private static void assertNoneSince(Set<Thread> before) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                System.nanoTime() < end && !since(before).isEmpty(); ) {
            Thread.sleep(25);
        }
        assertThat(since(before)).isEmpty();
    }

    @Test
    void aFolderOfJobsThatIsTakenLeavesNothingRunning() throws Exception {
        Path jobs = folder.resolve("jobs");
        try (Running first =
                Running.of(InferenceServer.start(Map.of("tiny", Running.bundle(folder)), settings(jobs)))) {
            assertThat(first.get("/health").statusCode()).isEqualTo(200);
            Set<Thread> before = threads();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> InferenceServer.start(Map.of("tiny", Running.bundle(folder)), settings(jobs)))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("--jobs-dir");
            }
            assertNoneSince(before);
        }
    }

    @Test
    void aPortThatIsTakenLeavesNothingRunning() throws Exception {
        Set<Thread> before = threads();
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ServeSettings some = settings(folder.resolve("jobs"));
            var there = new ServeSettings(
                            some.host(),
                            taken.getLocalPort(),
                            some.batching(),
                            64,
                            8,
                            100_000,
                            0,
                            some.cacheTime(),
                            2,
                            1,
                            some.drainTime())
                    .withJobs(some.jobs())
                    .withSecurity(some.security());
            assertThatThrownBy(() -> InferenceServer.start(Map.of("tiny", Running.bundle(folder)), there))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("cannot listen");
        }
        assertNoneSince(before);
        try (Running again = Running.of(
                InferenceServer.start(Map.of("tiny", Running.bundle(folder)), settings(folder.resolve("jobs"))))) {
            assertThat(again.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aModelThatIsNoneLeavesNothingRunning() throws Exception {
        Set<Thread> before = threads();
        assertThatThrownBy(() -> InferenceServer.start(Map.of("none", folder), settings(folder.resolve("jobs"))))
                .isInstanceOf(InputException.class);
        assertNoneSince(before);
    }
}
