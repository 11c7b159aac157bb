package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.torch.ops.Operators;

/**
 * Libtorch being loaded by a thread of its own, while others do what needs none of it.
 *
 * <p>Libraries that are not unpacked yet are left alone: whoever needs them first unpacks them, and says so. So is an
 * error, which whoever needs them meets again. Closing waits for the thread's end, so that no process ends amid it.
 */
public final class Preloading implements AutoCloseable {
    private final Thread thread;

    private Preloading(Thread thread) {
        this.thread = thread;
    }

    /** Begins to load what is not loaded yet. */
    public static Preloading begin() {
        var thread = new Thread(Preloading::load, "graft-preloading");
        thread.setDaemon(true);
        thread.start();
        return new Preloading(thread);
    }

    private static void load() {
        try {
            if (Natives.unpacked()) {
                Natives.load(TorchSettings.defaults());
                Operators.standard(); // the table's classes, too
            }
        } catch (GraftException | LinkageError met) {
            return; // again by the thread that needs the library
        }
    }

    /** Waits until all is loaded. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
