package dev.graft.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a command end at a safe point when the user presses Ctrl-C. */
final class Interruption {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutDown, "graft-interruption");
    private volatile boolean requested;
    private boolean listening;

    /** From now on the process, when it is asked to end, waits until the command has come to a safe point. */
    void listen() {
        if (!listening) {
            listening = true;
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    boolean requested() {
        return requested;
    }

    /** The command has come to its end or to a safe point, and has said so. */
    void done() {
        ended.countDown();
        if (listening && !requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                return; // the process is ending already, which is what the hook was for
            }
        }
    }

    private void shutDown() {
        requested = true;
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("graft: no safe point within " + PATIENCE_SECONDS + " s; ending all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
