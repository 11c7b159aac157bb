package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Encoding;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRuleTest {
    private static final CostModel COST = new CostModel(1_000_000, 100_000, 0);
    private static final BatcherSettings SETTINGS = new BatcherSettings(8, 200, Duration.ofMillis(2), 100);
    private static final BatchRule RULE = new BatchRule(COST, SETTINGS);

    private static Waiting waiting(int length, int priority, long since, long number) {
        return new Waiting(
                Row.of(new Encoding(new int[length], new int[length])),
                new Terms(Terms.NEVER, priority),
                since,
                number);
    }

    private static TreeSet<Waiting> queue(int... lengths) {
        var queue = new TreeSet<>(Waiting.BY_LENGTH);
        for (int i = 0; i < lengths.length; i++) {
            queue.add(waiting(lengths[i], 0, 0, i));
        }
        return queue;
    }

    private static Waiting first(TreeSet<Waiting> queue) {
        return Collections.min(queue, Waiting.BY_URGENCY);
    }

    private static List<Integer> lengths(TreeSet<Waiting> queue) {
        return RULE.batch(queue, first(queue)).stream()
                .map(Waiting::length)
                .sorted()
                .toList();
    }

    @Test
    void textsOfOneLengthGoTogether() {
        assertThat(lengths(queue(10, 10, 10, 10))).containsExactly(10, 10, 10, 10);
    }

    @Test
    void aShortTextIsNotPaddedToALongOne() {
        assertThat(lengths(queue(100, 5, 5, 5))).containsExactly(100);
        assertThat(lengths(queue(5, 100, 5, 5))).containsExactly(5, 5, 5);
    }

    @Test
    void aLittlePaddingIsCheaperThanAnotherBatch() {
        assertThat(lengths(queue(10, 11, 12))).containsExactly(10, 11, 12);
    }

    @Test
    void aBatchHoldsTheMostUrgentTextAndKeepsTheLimits() {
        var random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            var queue = new TreeSet<>(Waiting.BY_LENGTH);
            int size = 1 + random.nextInt(40);
            for (int i = 0; i < size; i++) {
                queue.add(waiting(1 + random.nextInt(250), random.nextInt(3), 0, i));
            }
            Waiting first = first(queue);
            List<Waiting> batch = RULE.batch(queue, first);
            int longest = batch.stream().mapToInt(Waiting::length).max().orElseThrow();
            assertThat(batch).contains(first).doesNotHaveDuplicates().isSubsetOf(queue);
            assertThat(batch.size()).isLessThanOrEqualTo(SETTINGS.maxRows());
            assertThat(batch.size() == 1 || batch.size() * longest <= SETTINGS.maxTokens())
                    .isTrue();
        }
    }

    @Test
    void everyQueueIsEmptiedInTheEnd() {
        TreeSet<Waiting> queue = queue(new Random(3).ints(500, 1, 300).toArray());
        int batches = 0;
        while (!queue.isEmpty()) {
            queue.removeAll(RULE.batch(queue, first(queue)));
            batches++;
        }
        assertThat(batches).isBetween(63, 500);
    }

    @Test
    void aTextThatComesAloneDoesNotWait() {
        var arrivals = new Arrivals();
        assertThat(RULE.wait(1, waiting(10, 0, 0, 0), arrivals, 0)).isZero();
        for (long i = 0; i < 50; i++) {
            arrivals.come(i * 10_000_000);
        }
        assertThat(RULE.wait(1, waiting(10, 0, 490_000_000, 0), arrivals, 490_000_000))
                .isZero();
    }

    @Test
    void whereTextsComeOftenTheNextIsWaitedForWithinTheDelay() {
        var arrivals = new Arrivals();
        for (long i = 0; i <= 50; i++) {
            arrivals.come(i * 100_000);
        }
        long now = 5_000_000;
        assertThat(RULE.wait(1, waiting(10, 0, now, 0), arrivals, now)).isBetween(1L, 2_000_000L);
        assertThat(RULE.wait(1, waiting(10, 0, now - 2_000_000, 0), arrivals, now))
                .isZero();
        assertThat(RULE.wait(SETTINGS.maxRows(), waiting(10, 0, now, 0), arrivals, now))
                .isZero();
    }

    @Test
    void anArrivalThatIsOverdueIsNotWaitedFor() {
        var arrivals = new Arrivals();
        IntStream.rangeClosed(0, 50).forEach(i -> arrivals.come(i * 100_000L));
        long later = 5_000_000 + 250_000;
        assertThat(RULE.wait(1, waiting(10, 0, later, 0), arrivals, later)).isZero();
    }

    @Test
    void noDelayMeansNoWaiting() {
        var rule = new BatchRule(COST, new BatcherSettings(8, 200, Duration.ZERO, 100));
        var arrivals = new Arrivals();
        IntStream.rangeClosed(0, 50).forEach(i -> arrivals.come(i * 1_000L));
        assertThat(rule.wait(1, waiting(10, 0, 50_000, 0), arrivals, 50_000)).isZero();
    }
}
