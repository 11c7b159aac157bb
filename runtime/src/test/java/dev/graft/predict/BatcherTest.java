package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bundle.TinyBundle;
import dev.graft.data.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatcherTest {
    private static final BatcherSettings SMALL = new BatcherSettings(4, 100, Duration.ofMillis(2), 8);
    private static final CostModel COST = new CostModel(100_000, 10_000, 0);
    private static final float CLOSE = 1e-5f;

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    /** Answers each text with its first token, once it is let. */
    private static final class Gate implements Function<List<Encoding>, List<Outputs>> {
        final Semaphore open = new Semaphore(0);
        final List<List<Integer>> batches = new CopyOnWriteArrayList<>();

        @Override
        public List<Outputs> apply(List<Encoding> batch) {
            open.acquireUninterruptibly();
            batches.add(batch.stream().map(encoding -> encoding.ids()[0]).toList());
            return batch.stream()
                    .map(encoding -> new Outputs(new float[] {value(encoding)}, new float[0]))
                    .toList();
        }

        private static float value(Encoding encoding) {
            if (encoding.ids()[0] < 0) {
                throw new IllegalStateException("no such token");
            }
            return encoding.ids()[0];
        }
    }

    @AfterEach
    void stop() {
        workers.shutdown();
    }

    private static Encoding text(int first, int length) {
        int[] ids = new int[length];
        Arrays.fill(ids, first);
        return new Encoding(ids, new int[length]);
    }

    private Batcher batcher(Gate gate) {
        return batcher(gate, 1);
    }

    private Batcher batcher(Gate gate, int lanes) {
        return new Batcher(Batcher.alone(gate), COST, SMALL, lanes, BatchListener.NONE, workers);
    }

    private static CompletableFuture<Answered> submit(Batcher batcher, Encoding text, Terms terms) {
        return batcher.submit(List.of(text), terms).get(0);
    }

    /** Lets the computing thread take one text and hang in it, so that what follows waits in the queue. */
    private static CompletableFuture<Answered> occupy(Batcher batcher) throws InterruptedException {
        CompletableFuture<Answered> first = submit(batcher, text(1, 3), Terms.NONE);
        while (batcher.queued() > 0) {
            Thread.sleep(1);
        }
        return first;
    }

    @Test
    void everyCallerGetsTheAnswerOfItsOwnText() throws IOException {
        try (TextModel model = TextModel.open(TinyBundle.write(folder), new PredictorSettings(1, 8, true));
                Batcher batcher = new Batcher(model, BatcherSettings.DEFAULT, BatchListener.NONE, workers)) {
            var random = new Random(42);
            var texts = new ArrayList<int[]>();
            var answers = new ArrayList<CompletableFuture<Answered>>();
            for (int i = 0; i < 5_000; i++) {
                int[] ids = new int[1 + random.nextInt(14)];
                Arrays.setAll(ids, j -> random.nextInt(TinyBundle.WORDS.size()));
                texts.add(ids);
                answers.add(patiently(batcher, new Encoding(ids, new int[ids.length])));
            }
            for (int i = 0; i < texts.size(); i++) {
                assertThat(answers.get(i).join().outputs().logits())
                        .as(Arrays.toString(texts.get(i)))
                        .containsExactly(TinyBundle.logits(texts.get(i)), within(CLOSE));
            }
        }
    }

    private static CompletableFuture<Answered> patiently(Batcher batcher, Encoding text) {
        while (true) {
            try {
                return submit(batcher, text, Terms.NONE);
            } catch (RefusedException full) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void whatWaitsWhileTheModelComputesIsComputedTogether() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            List<CompletableFuture<Answered>> waiting = new ArrayList<>();
            for (int i = 10; i < 14; i++) {
                waiting.add(submit(batcher, text(i, 5), Terms.NONE));
            }
            gate.open.release(2);
            assertThat(waiting.stream().map(answer -> answer.join().outputs().logits()[0]))
                    .containsExactly(10f, 11f, 12f, 13f);
            assertThat(waiting.get(0).join().rows()).isEqualTo(4);
            assertThat(gate.batches).hasSize(2);
        }
    }

    @Test
    void whatOneBatchLeavesBehindIsComputedBesideIt() {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate, 2)) {
            List<Encoding> texts =
                    IntStream.rangeClosed(1, 8).mapToObj(i -> text(i, 5)).toList();
            List<CompletableFuture<Answered>> answers = batcher.submit(texts, Terms.NONE);
            while (gate.open.getQueueLength() < 2) {
                Thread.onSpinWait();
            }
            assertThat(batcher.queued()).isZero();
            gate.open.release(2);
            assertThat(answers.stream().map(answer -> answer.join().rows())).containsOnly(4);
        }
    }

    @Test
    void aSecondLaneTakesWhatComesWhileTheFirstComputes() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate, 2)) {
            occupy(batcher);
            occupy(batcher);
            while (gate.open.getQueueLength() < 2) {
                Thread.sleep(1);
            }
            submit(batcher, text(3, 3), Terms.NONE);
            assertThat(batcher.queued()).isEqualTo(1);
            gate.open.release(3);
        }
        assertThat(gate.batches).hasSize(3);
    }

    @Test
    void aFullQueueRefusesAllTextsOfACaller() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            batcher.submit(List.of(text(1, 3), text(2, 3), text(3, 3), text(4, 3), text(5, 3)), Terms.NONE);
            assertThatThrownBy(
                            () -> batcher.submit(List.of(text(6, 3), text(7, 3), text(8, 3), text(9, 3)), Terms.NONE))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(RefusedException.Reason.QUEUE_FULL);
                        assertThat(refused.retryAfter()).isPositive();
                    });
            assertThat(batcher.queued()).isEqualTo(5);
            batcher.requireRoom(1, Terms.NONE);
            assertThatThrownBy(() -> batcher.requireRoom(6, Terms.NONE)).hasMessageContaining("not for 6 more");
            gate.open.release(100);
        }
    }

    @Test
    void aDeadlineThatCannotBeMetIsRefusedAtOnce() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            assertThatThrownBy(() -> submit(batcher, text(1, 90), Terms.within(Duration.ofNanos(1_000), 0)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(RefusedException.Reason.DEADLINE));
            assertThatThrownBy(() -> batcher.requireRoom(1, Terms.within(Duration.ZERO, 0)))
                    .hasMessageContaining("after the deadline");
            assertThat(gate.batches).isEmpty();
        }
    }

    @Test
    void aDeadlineThatPassesInTheQueueIsNotComputed() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            CompletableFuture<Answered> late = submit(batcher, text(66, 3), Terms.within(Duration.ofMillis(20), 0));
            Thread.sleep(40);
            gate.open.release(10);
            assertThatThrownBy(late::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RefusedException.class);
            assertThat(gate.batches).noneMatch(batch -> batch.contains(66));
        }
    }

    @Test
    void aTextWhoseBatchWouldComeTooLateLeavesItToTheOthers() throws InterruptedException {
        var gate = new Gate();
        var slow = new CostModel(50_000_000, 0, 0);
        try (Batcher batcher = new Batcher(Batcher.alone(gate), slow, SMALL, 1, BatchListener.NONE, workers)) {
            occupy(batcher);
            CompletableFuture<Answered> late = submit(batcher, text(66, 3), Terms.within(Duration.ofMillis(60), 0));
            CompletableFuture<Answered> kept = submit(batcher, text(67, 3), Terms.NONE);
            Thread.sleep(20);
            gate.open.release(10);
            assertThat(kept.join().rows()).isEqualTo(1);
            assertThatThrownBy(late::join).hasCauseInstanceOf(RefusedException.class);
        }
    }

    @Test
    void whatItsCallerGaveUpIsNotComputed() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            CompletableFuture<Answered> left = submit(batcher, text(77, 3), Terms.NONE);
            CompletableFuture<Answered> kept = submit(batcher, text(78, 3), Terms.NONE);
            left.cancel(false);
            assertThat(batcher.queued()).isEqualTo(1);
            gate.open.release(10);
            assertThat(kept.join().outputs().logits()).containsExactly(78f);
            assertThat(gate.batches).noneMatch(batch -> batch.contains(77));
        }
    }

    @Test
    void higherPrioritiesGoFirst() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            submit(batcher, text(5, 4), Terms.NONE);
            CompletableFuture<Answered> urgent = submit(batcher, text(6, 90), new Terms(Terms.NEVER, 1));
            gate.open.release(2);
            urgent.join();
            assertThat(gate.batches).containsExactly(List.of(1), List.of(6));
            gate.open.release(10);
        }
    }

    @Test
    void aTextThatCannotBeComputedFailsAlone() throws InterruptedException {
        var gate = new Gate();
        try (Batcher batcher = batcher(gate)) {
            occupy(batcher);
            CompletableFuture<Answered> good = submit(batcher, text(5, 4), Terms.NONE);
            CompletableFuture<Answered> bad = submit(batcher, text(-1, 4), Terms.NONE);
            gate.open.release(10);
            assertThat(good.join().outputs().logits()).containsExactly(5f);
            assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingAnswersWhatWaitsAndTakesNothingMore() throws InterruptedException {
        var gate = new Gate();
        Batcher batcher = batcher(gate);
        occupy(batcher);
        CompletableFuture<Answered> waiting = submit(batcher, text(9, 3), Terms.NONE);
        gate.open.release(10);
        batcher.close();
        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().outputs().logits())
                .containsExactly(9f);
        assertThatThrownBy(() -> submit(batcher, text(1, 1), Terms.NONE))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusedException.Reason.CLOSED));
    }
}
