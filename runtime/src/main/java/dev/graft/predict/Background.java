package dev.graft.predict;

import dev.graft.GraftException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work on other threads whose errors come out as if it had been done here. */
final class Background {
    private Background() {}

    /** One thread that does not keep the program alive. */
    static ExecutorService thread(String name) {
        return threads(name, 1);
    }

    /** Threads that do not keep the program alive. */
    static ExecutorService threads(String name, int count) {
        return Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What the work came to. */
    static <T> T join(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GraftException("Predicting was interrupted", e);
        }
    }
}
