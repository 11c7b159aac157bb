package dev.graft.predict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The texts that wait for one model; bounded, grouped by length, the most urgent first. */
final class BatchQueue {
    /** The share of the time to a deadline that may be planned for; the rest is for errors of the plan, and for the way back. */
    private static final double PLANNED = 0.85;

    private final BatchRule rule;
    private final Executor answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Waiting> byLength = new TreeSet<>(Waiting.BY_LENGTH);
    private final TreeSet<Waiting> byUrgency = new TreeSet<>(Waiting.BY_URGENCY);
    private final Arrivals arrivals = new Arrivals();
    private final Backlog backlog;
    private long number;
    private boolean closed;

    /**
     * A queue that nothing waits in.
     *
     * @param lanes batches that are computed at the same time
     * @param answering tells those whose deadline has passed in the queue
     */
    BatchQueue(BatchRule rule, int lanes, Executor answering) {
        this.rule = rule;
        this.backlog = new Backlog(rule.cost(), lanes);
        this.answering = answering;
    }

    /**
     * Takes texts in, all or none.
     *
     * @throws RefusedException if they do not fit, cannot be answered in time, or the queue is closed
     */
    List<Waiting> add(List<Row> rows, Terms terms) {
        lock.lock();
        try {
            long now = System.nanoTime();
            admit(
                    rows.size(),
                    rows.stream()
                            .mapToDouble(row -> rule.cost().rowNanos(row.length()))
                            .sum(),
                    terms,
                    now);
            var added = new ArrayList<Waiting>(rows.size());
            for (Row row : rows) {
                var waiting = new Waiting(row, terms, now, number++);
                put(waiting);
                added.add(waiting);
            }
            arrivals.come(now);
            changed.signal();
            return added;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses texts of any length that {@link #add} would refuse now, so that nobody makes them into tokens in vain.
     *
     * @param texts how many
     * @throws RefusedException if they do not fit, cannot be answered in time, or the queue is closed
     */
    void requireRoom(int texts, Terms terms) {
        lock.lock();
        try {
            admit(texts, texts * rule.cost().rowNanos(1), terms, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** @param own nanoseconds that the texts take on an idle machine */
    private void admit(int texts, double own, Terms terms, long now) {
        if (closed) {
            throw new RefusedException(
                    RefusedException.Reason.CLOSED, "The model is being taken out of service", Duration.ZERO);
        }
        int room = rule.settings().maxQueued() - byLength.size();
        if (texts > room) {
            throw new RefusedException(
                    RefusedException.Reason.QUEUE_FULL,
                    "The queue has room for " + room + " of " + rule.settings().maxQueued() + " texts, not for " + texts
                            + " more; ask again later",
                    backlog.untilEmpty(now));
        }
        Duration before = backlog.untilEmpty(now);
        if (before.toNanos() + backlog.pace(now) * own > PLANNED * terms.left(now)) {
            throw late("The answer would come after the deadline", before);
        }
    }

    private static RefusedException late(String message, Duration retryAfter) {
        return new RefusedException(RefusedException.Reason.DEADLINE, message, retryAfter);
    }

    private void put(Waiting waiting) {
        byLength.add(waiting);
        byUrgency.add(waiting);
        backlog.add(waiting.length());
    }

    private void remove(Waiting waiting) {
        if (byLength.remove(waiting)) {
            byUrgency.remove(waiting);
            backlog.remove(waiting.length(), byLength.isEmpty());
        }
    }

    /** Lets go of texts whose callers have left. */
    void forget(List<Waiting> left) {
        lock.lock();
        try {
            left.forEach(this::remove);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next batch of a lane, whose last one is done.
     *
     * @return its texts; empty when the queue is closed and nothing waits any more
     */
    List<Waiting> take(int lane) throws InterruptedException {
        lock.lock();
        try {
            backlog.end(lane, System.nanoTime());
            while (true) {
                long now = System.nanoTime();
                if (byUrgency.isEmpty()) {
                    if (closed) {
                        return List.of();
                    }
                    changed.await();
                    continue;
                }
                Waiting first = byUrgency.first();
                long wait = closed ? 0 : rule.wait(byUrgency.size(), first, arrivals, now);
                if (wait > 0) {
                    changed.awaitNanos(wait);
                    continue;
                }
                List<Waiting> batch = rule.batch(byLength, first);
                if (!dropLate(batch, now)) {
                    return taken(lane, batch, now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> taken(int lane, List<Waiting> batch, long now) {
        batch.forEach(this::remove);
        backlog.begin(lane, batch.size(), longest(batch), now);
        if (!byLength.isEmpty()) {
            changed.signal(); // another lane may sleep
        }
        return batch;
    }

    private static int longest(List<Waiting> batch) {
        return batch.stream().mapToInt(Waiting::length).max().orElse(0);
    }

    /** Refuses what would be computed in vain, for its answer comes with the whole batch; whether there was any. */
    private boolean dropLate(List<Waiting> batch, long now) {
        double takes = backlog.pace(now) * rule.cost().nanos(batch.size(), longest(batch));
        List<Waiting> late = batch.stream()
                .filter(waiting -> PLANNED * waiting.terms().left(now) < takes)
                .toList();
        for (Waiting waiting : late) {
            remove(waiting);
            RefusedException refused = late("The deadline passed in the queue", backlog.untilEmpty(now));
            answering.execute(() -> waiting.answer().completeExceptionally(refused));
        }
        return !late.isEmpty();
    }

    /** Texts that wait. */
    int size() {
        lock.lock();
        try {
            return byLength.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing in any more; what waits is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
