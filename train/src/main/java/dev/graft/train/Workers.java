package dev.graft.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Threads that share batches out among them.
 *
 * @param threads 1 or more
 * @param tokens that a batch has at most
 */
record Workers(int threads, int tokens) {
    /** Does something with every batch; once {@code interrupted} says true no further batch is begun. */
    <T> void each(List<T> batches, BooleanSupplier interrupted, Consumer<T> work) {
        ExecutorService pool = Executors.newFixedThreadPool(threads, runnable -> {
            Thread thread = new Thread(runnable, "graft-prefix");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            for (T batch : batches) {
                running.add(pool.submit(() -> {
                    if (!interrupted.getAsBoolean()) {
                        work.accept(batch);
                    }
                }));
            }
            for (Future<?> each : running) {
                await(each);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
