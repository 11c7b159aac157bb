package dev.graft.serve;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a server has opened so far; it is closed from the last to the first, each whatever becomes of the others. */
final class Opened implements AutoCloseable {
    private final Deque<Runnable> closings = new ArrayDeque<>();

    /** Something was opened, and is to be closed like this. */
    void add(Runnable closing) {
        closings.push(closing);
    }

    @Override
    public void close() {
        var failed = new ArrayDeque<RuntimeException>();
        while (!closings.isEmpty()) {
            try {
                closings.pop().run();
            } catch (RuntimeException e) {
                failed.add(e);
            }
        }
        if (!failed.isEmpty()) {
            RuntimeException first = failed.remove();
            failed.forEach(first::addSuppressed);
            throw first;
        }
    }
}
