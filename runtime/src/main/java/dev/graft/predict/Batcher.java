package dev.graft.predict;

import dev.graft.data.Encoding;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Computes together what many callers ask of one model at about the same time; safe for any number of threads.
 *
 * <p>A few threads compute, each a batch of its own, so that one fills the processors where another leaves them idle.
 * While they do, what comes waits in a bounded queue, grouped by length; the next batch is the one that makes the best use
 * of the model's time by its measured {@link CostModel}. A text that comes alone is computed at once, unless others are
 * about to come.
 */
public final class Batcher implements AutoCloseable {
    /** Batches that are computed at the same time. */
    static final int LANES = 2;

    private final Function<List<Row>, List<Outputs>> model;
    private final CostModel cost;
    private final BatchQueue queue;
    private final BatchListener listener;
    private final Executor answering;
    private final List<Thread> computing;

    /**
     * Measures the model and starts to compute.
     *
     * @param answering runs what waits for answers, so that the computing thread goes on
     */
    public Batcher(TextModel model, BatcherSettings settings, BatchListener listener, Executor answering) {
        this(
                alone(model::compute),
                CostMeasurement.of(
                        model, model.encode(model.bundle().parity().texts()).get(0)),
                settings,
                LANES,
                listener,
                answering);
    }

    /** As the other, for a trunk, whose batches mix its tenants. */
    public Batcher(Trunk trunk, BatcherSettings settings, BatchListener listener, Executor answering) {
        this(trunk::compute, CostMeasurement.of(trunk), settings, LANES, listener, answering);
    }

    /** A model without tenants. */
    static Function<List<Row>, List<Outputs>> alone(Function<List<Encoding>, List<Outputs>> model) {
        return rows -> model.apply(rows.stream().map(Row::encoding).toList());
    }

    Batcher(
            Function<List<Row>, List<Outputs>> model,
            CostModel cost,
            BatcherSettings settings,
            int lanes,
            BatchListener listener,
            Executor answering) {
        this.model = model;
        this.cost = cost;
        this.listener = listener;
        this.answering = answering;
        this.queue = new BatchQueue(new BatchRule(cost, settings), lanes, answering);
        this.computing = IntStream.range(0, lanes).mapToObj(this::computing).toList();
        computing.forEach(Thread::start);
    }

    private Thread computing(int lane) {
        var thread = new Thread(() -> compute(lane), "graft-compute-" + lane);
        thread.setDaemon(true);
        return thread;
    }

    /** What a batch takes on this machine. */
    public CostModel cost() {
        return cost;
    }

    /** Texts that wait. */
    public int queued() {
        return queue.size();
    }

    /**
     * Asks for the outputs of one caller's texts, all or none of which are taken in. A future that is cancelled before
     * its turn is not computed.
     *
     * @throws RefusedException if the queue is full, the deadline cannot be met, or the batcher is closed
     */
    public List<CompletableFuture<Answered>> submit(List<Encoding> encodings, Terms terms) {
        return submit(encodings, Tenant.NONE, terms);
    }

    /** As the other, for a tenant of a trunk. */
    public List<CompletableFuture<Answered>> submit(List<Encoding> encodings, Tenant tenant, Terms terms) {
        List<Row> rows =
                encodings.stream().map(encoding -> new Row(encoding, tenant)).toList();
        List<Waiting> added = queue.add(rows, terms);
        for (Waiting waiting : added) {
            waiting.answer().whenComplete((answered, failure) -> {
                if (waiting.answer().isCancelled()) {
                    queue.forget(List.of(waiting));
                }
            });
        }
        return added.stream().map(Waiting::answer).toList();
    }

    /**
     * Refuses texts that {@link #submit} would refuse now whatever their tokens are.
     *
     * @param texts how many
     * @throws RefusedException if the queue is full, the deadline cannot be met, or the batcher is closed
     */
    public void requireRoom(int texts, Terms terms) {
        queue.requireRoom(texts, terms);
    }

    private void compute(int lane) {
        try {
            for (List<Waiting> batch = queue.take(lane); !batch.isEmpty(); batch = queue.take(lane)) {
                compute(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compute(List<Waiting> batch) {
        long start = System.nanoTime();
        try {
            List<Outputs> outputs = model.apply(batch.stream().map(Waiting::row).toList());
            long took = System.nanoTime() - start;
            answering.execute(() -> answer(batch, outputs, start, took));
            listener.computed(summary(batch, start, took));
        } catch (RuntimeException | Error e) {
            failed(batch, e);
        }
    }

    /** A text that the model cannot compute must not take the others of its batch with it. */
    private void failed(List<Waiting> batch, Throwable failure) {
        if (batch.size() == 1) {
            answering.execute(() -> batch.get(0).answer().completeExceptionally(failure));
        } else {
            batch.forEach(waiting -> compute(List.of(waiting)));
        }
    }

    private static void answer(List<Waiting> batch, List<Outputs> outputs, long start, long took) {
        Iterator<Outputs> next = outputs.iterator();
        for (Waiting waiting : batch) {
            waiting.answer().complete(new Answered(next.next(), start - waiting.since(), took, batch.size()));
        }
    }

    private static BatchListener.Batch summary(List<Waiting> batch, long start, long took) {
        int longest = batch.stream().mapToInt(Waiting::length).max().orElse(0);
        long since = batch.stream().mapToLong(Waiting::since).min().orElse(start);
        return new BatchListener.Batch(
                batch.size(),
                batch.stream().mapToInt(Waiting::length).sum(),
                batch.size() * longest,
                took,
                start - since);
    }

    /** Computes what waits, takes nothing more in, and ends the threads; the model stays open. */
    @Override
    public void close() {
        queue.close();
        try {
            for (Thread thread : computing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
