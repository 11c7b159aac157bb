package dev.graft.serve;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what is neither the network nor a model: parsing, tokenising, writing answers. */
final class Workers {
    private Workers() {}

    static ExecutorService of(int threads) {
        var number = new AtomicInteger();
        return Executors.newFixedThreadPool(threads, task -> {
            var thread = new Thread(task, "graft-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
