package dev.graft.serve;

import java.util.ArrayList;
import java.util.List;

/** Models on their way out: each is closed on a thread of its own, for closing waits for what the model still computes. */
final class Closing {
    private final List<Thread> threads = new ArrayList<>();

    synchronized void begin(Runnable close) {
        threads.removeIf(thread -> !thread.isAlive());
        var thread = new Thread(() -> closeAndHandBack(close), "graft-close");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** A model's file stays mapped until what mapped it is collected, and its weights with the C library until it is told. */
    private static void closeAndHandBack(Runnable close) {
        close.run();
        System.gc();
        NativeHeap.trim();
    }

    /** Waits until all are closed: a process must not end while native code computes. */
    void await() {
        List<Thread> open;
        synchronized (this) {
            open = List.copyOf(threads);
        }
        try {
            for (Thread thread : open) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
