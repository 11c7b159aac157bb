package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Encoding;
import dev.graft.predict.Answered;
import dev.graft.predict.Outputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionCacheTest {
    private final PredictionCache cache = new PredictionCache(1 << 20, Duration.ofHours(1));
    private final List<Encoding> computed = new ArrayList<>();
    private final List<CompletableFuture<Answered>> computing = new ArrayList<>();

    private static Encoding text(int... ids) {
        return new Encoding(ids, new int[ids.length]);
    }

    private static Answered answer(float value) {
        return new Answered(new Outputs(new float[] {value}, new float[0]), 1, 1, 1);
    }

    private List<CompletableFuture<Answered>> compute(List<Encoding> texts) {
        var answers = new ArrayList<CompletableFuture<Answered>>();
        for (Encoding text : texts) {
            computed.add(text);
            answers.add(new CompletableFuture<>());
        }
        computing.addAll(answers);
        return answers;
    }

    private PredictionCache.Asked ask(PredictionCache cache, Encoding text) {
        return cache.ask(List.of(text), this::compute).get(0);
    }

    @Test
    void whatIsKnownIsNotComputedAgain() {
        PredictionCache.Asked first = ask(cache, text(1, 2));
        computing.get(0).complete(answer(5));
        PredictionCache.Asked second = ask(cache, text(1, 2));
        assertThat(computed).hasSize(1);
        assertThat(first.hit()).isFalse();
        assertThat(second.hit()).isTrue();
        assertThat(second.answer().join().outputs())
                .isSameAs(first.answer().join().outputs());
    }

    @Test
    void whatIsTooOldIsComputedAgain() throws InterruptedException {
        var forgetful = new PredictionCache(1_000_000, Duration.ofMillis(50));
        ask(forgetful, text(1, 2));
        computing.get(0).complete(answer(5));
        Thread.sleep(100);
        assertThat(ask(forgetful, text(1, 2)).hit()).isFalse();
        assertThat(computed).hasSize(2);
    }

    @Test
    void whatIsUnderWayIsComputedOnce() {
        PredictionCache.Asked first = ask(cache, text(1, 2));
        PredictionCache.Asked second = ask(cache, text(1, 2));
        assertThat(computed).hasSize(1);
        computing.get(0).complete(answer(5));
        assertThat(first.answer().join()).isEqualTo(second.answer().join());
    }

    @Test
    void whatManyThreadsAskAtOneTimeIsComputedOnce() {
        for (int round = 0; round < 200; round++) {
            var count = new AtomicInteger();
            Encoding text = text(round, 7);
            IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> cache.ask(List.of(text), missing -> {
                        count.incrementAndGet();
                        return List.of(CompletableFuture.completedFuture(answer(5)));
                    }))
                    .forEach(asked -> assertThat(
                                    asked.get(0).answer().join().outputs().logits())
                            .containsExactly(5));
            assertThat(count).hasValue(1);
        }
    }

    @Test
    void aTextThatARequestHasTwiceIsComputedOnce() {
        List<PredictionCache.Asked> both = cache.ask(List.of(text(1, 2), text(1, 2)), this::compute);
        assertThat(computed).hasSize(1);
        computing.get(0).complete(answer(5));
        assertThat(both.get(1).answer().join()).isEqualTo(both.get(0).answer().join());
    }

    @Test
    void oneCallerThatLeavesDoesNotTakeTheOthersAnswer() {
        PredictionCache.Asked first = ask(cache, text(1, 2));
        PredictionCache.Asked second = ask(cache, text(1, 2));
        first.leave().run();
        assertThat(computing.get(0)).isNotCancelled();
        computing.get(0).complete(answer(5));
        assertThat(second.answer().join().outputs().logits()).containsExactly(5f);
    }

    @Test
    void whenAllHaveLeftTheComputationIsCalledOffAndBeginsAnew() {
        PredictionCache.Asked first = ask(cache, text(1, 2));
        PredictionCache.Asked second = ask(cache, text(1, 2));
        first.leave().run();
        second.leave().run();
        assertThat(computing.get(0)).isCancelled();
        ask(cache, text(1, 2));
        assertThat(computed).hasSize(2);
    }

    @Test
    void failuresAreNotKept() {
        PredictionCache.Asked first = ask(cache, text(1));
        computing.get(0).completeExceptionally(new IllegalStateException("failed"));
        assertThatThrownBy(() -> first.answer().join()).hasRootCauseMessage("failed");
        ask(cache, text(1));
        assertThat(computed).hasSize(2);
    }

    @Test
    void textsThatDifferInOneTokenAreOthers() {
        ask(cache, text(1, 2));
        ask(cache, text(1, 3));
        ask(cache, new Encoding(new int[] {1, 2}, new int[] {0, 1}));
        assertThat(computed).hasSize(3);
    }

    @Test
    void aRefusalOfSomeRefusesAllAndLeavesTheRest() {
        PredictionCache.Asked first = ask(cache, text(1));
        assertThatThrownBy(() -> cache.ask(List.of(text(1), text(2)), missing -> {
                    throw Problem.invalid("no");
                }))
                .hasMessage("no");
        first.leave().run();
        assertThat(computing.get(0)).isCancelled();
    }

    @Test
    void theMemoryIsBounded() {
        var small = new PredictionCache(100_000, Duration.ofHours(1));
        for (int i = 0; i < 10_000; i++) {
            ask(small, text(i, i, i));
            computing.get(computing.size() - 1).complete(answer(i));
        }
        assertThat(small.bytes()).isBetween(10_000L, 100_000L);
        assertThat(small.size()).isLessThan(1_000);
    }

    @Test
    void nothingIsKeptWhereNothingShallBe() {
        var none = new PredictionCache(0, Duration.ofHours(1));
        ask(none, text(1));
        computing.get(0).complete(answer(1));
        assertThat(ask(none, text(1)).hit()).isFalse();
        assertThat(computed).hasSize(2);
    }
}
