package dev.graft.predict;

import dev.graft.data.Encoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The texts that wait for one model; bounded, grouped by length, the most urgent first. */
final class BatchQueue {
    private final BatchRule rule;
    private final Executor answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Waiting> byLength = new TreeSet<>(Waiting.BY_LENGTH);
    private final TreeSet<Waiting> byUrgency = new TreeSet<>(Waiting.BY_URGENCY);
    private final Arrivals arrivals = new Arrivals();
    private double backlogNanos;
    private long busyUntil = Long.MIN_VALUE;
    private long number;
    private boolean closed;

    /** @param answering tells those whose deadline has passed in the queue */
    BatchQueue(BatchRule rule, Executor answering) {
        this.rule = rule;
        this.answering = answering;
    }

    /**
     * Takes texts in, all or none.
     *
     * @throws RefusedException if they do not fit, cannot be answered in time, or the queue is closed
     */
    List<Waiting> add(List<Encoding> encodings, Terms terms) {
        lock.lock();
        try {
            long now = System.nanoTime();
            admit(encodings, terms, now);
            var added = new ArrayList<Waiting>(encodings.size());
            for (Encoding encoding : encodings) {
                var waiting = new Waiting(encoding, terms, now, number++);
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

    private void admit(List<Encoding> encodings, Terms terms, long now) {
        if (closed) {
            throw new RefusedException(
                    RefusedException.Reason.CLOSED, "The model is being taken out of service", Duration.ZERO);
        }
        int room = rule.settings().maxQueued() - byLength.size();
        if (encodings.size() > room) {
            throw new RefusedException(
                    RefusedException.Reason.QUEUE_FULL,
                    "The queue has room for " + room + " of " + rule.settings().maxQueued() + " texts, not for "
                            + encodings.size() + " more; ask again later",
                    untilEmpty(now));
        }
        double own = encodings.stream()
                .mapToDouble(encoding -> rule.cost().rowNanos(encoding.length()))
                .sum();
        if (untilEmpty(now).toNanos() + own > terms.left(now)) {
            throw late("The answer would come after the deadline", untilEmpty(now));
        }
    }

    private static RefusedException late(String message, Duration retryAfter) {
        return new RefusedException(RefusedException.Reason.DEADLINE, message, retryAfter);
    }

    private Duration untilEmpty(long now) {
        return Duration.ofNanos((long) backlogNanos + Math.max(0, busyUntil == Long.MIN_VALUE ? 0 : busyUntil - now));
    }

    private void put(Waiting waiting) {
        byLength.add(waiting);
        byUrgency.add(waiting);
        backlogNanos += rule.cost().rowNanos(waiting.length());
    }

    private void remove(Waiting waiting) {
        if (byLength.remove(waiting)) {
            byUrgency.remove(waiting);
            backlogNanos = byLength.isEmpty() ? 0 : backlogNanos - rule.cost().rowNanos(waiting.length());
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
     * Waits for the next batch.
     *
     * @return its texts; empty when the queue is closed and nothing waits any more
     */
    List<Waiting> take() throws InterruptedException {
        lock.lock();
        try {
            busyUntil = Long.MIN_VALUE;
            while (true) {
                long now = System.nanoTime();
                dropLate(now);
                if (byUrgency.isEmpty()) {
                    if (closed) {
                        return List.of();
                    }
                    changed.await();
                    continue;
                }
                Waiting first = byUrgency.first();
                long wait = closed ? 0 : rule.wait(byUrgency.size(), first, arrivals, now);
                if (wait <= 0) {
                    return taken(first, now);
                }
                changed.awaitNanos(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> taken(Waiting first, long now) {
        List<Waiting> batch = rule.batch(byLength, first);
        batch.forEach(this::remove);
        int longest = batch.stream().mapToInt(Waiting::length).max().orElse(0);
        busyUntil = now + (long) rule.cost().nanos(batch.size(), longest);
        return batch;
    }

    private void dropLate(long now) {
        List<Waiting> late = byUrgency.stream()
                .filter(waiting -> waiting.terms().left(now) < rule.cost().rowNanos(waiting.length()))
                .toList();
        for (Waiting waiting : late) {
            remove(waiting);
            RefusedException refused = late("The deadline passed in the queue", untilEmpty(now));
            answering.execute(() -> waiting.answer().completeExceptionally(refused));
        }
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
