package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a server says to whoever runs it. */
final class Notices {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> all = new CopyOnWriteArrayList<>();

    void add(String notice) {
        all.add(notice);
    }

    List<String> all() {
        return all;
    }

    void await(String part) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (all.stream().noneMatch(notice -> notice.contains(part))) {
            assertThat(System.nanoTime())
                    .as("a notice of '%s' in %s", part, all)
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }
}
