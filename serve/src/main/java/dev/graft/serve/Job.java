package dev.graft.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.UnaryOperator;

/** A batch job: what is known of it, what has happened to it, and who listens. */
final class Job {
    private static final int EVENTS_KEPT = 256;
    private static final long BETWEEN_PROGRESS_NANOS = 500_000_000;

    private final Deque<Event> events = new ArrayDeque<>();
    private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
    private JobRecord record;
    private long lastProgress;
    private volatile boolean stopping;

    /**
     * A state of the job that those who listen are told.
     *
     * @param number rises from event to event, and over restarts: the time in milliseconds, or one more than the last
     */
    record Event(long number, JobRecord record) {}

    /** Listens to a job; called on whichever thread. */
    interface Listener {
        /** There is an event. */
        void changed();

        /** There will be none any more from this server. */
        void letGo();
    }

    Job(JobRecord record) {
        this.record = record;
        tell();
    }

    synchronized JobRecord record() {
        return record;
    }

    /** Changes what is known, unless the job has ended, and tells. */
    void change(UnaryOperator<JobRecord> change) {
        synchronized (this) {
            if (record.state().ended()) {
                return;
            }
            record = change.apply(record);
            tell();
        }
        listeners.forEach(Listener::changed);
    }

    /** How many rows are answered; told twice a second at most. */
    void progress(long done) {
        long now = System.nanoTime();
        synchronized (this) {
            record = record.at(record.rows(), done);
            if (now - lastProgress < BETWEEN_PROGRESS_NANOS) {
                return;
            }
            lastProgress = now;
            tell();
        }
        listeners.forEach(Listener::changed);
    }

    private void tell() {
        long last = events.isEmpty() ? 0 : events.getLast().number();
        events.addLast(new Event(Math.max(last + 1, System.currentTimeMillis()), record));
        if (events.size() > EVENTS_KEPT) {
            events.removeFirst();
        }
    }

    /** What happened after an event, oldest first; each tells the whole state, so that a gap loses nothing. */
    synchronized List<Event> after(long number) {
        var later = new ArrayList<Event>();
        for (Event event : events) {
            if (event.number() > number) {
                later.add(event);
            }
        }
        return later;
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    void leave(Listener listener) {
        listeners.remove(listener);
    }

    /** Lets everyone go who listens. */
    void letGo() {
        listeners.forEach(Listener::letGo);
    }

    /** Asks the run to end at its next slice. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }
}
