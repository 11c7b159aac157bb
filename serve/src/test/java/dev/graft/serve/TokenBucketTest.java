package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @ParameterizedTest
    @ValueSource(longs = {0, 17, -5 * 1_000_000_000L, Long.MAX_VALUE - 10, Long.MIN_VALUE})
    void aSecondsWorthIsThereAtOnceAndThenOneAtATime(long start) {
        var bucket = new TokenBucket(4, start);
        for (int i = 0; i < 4; i++) {
            assertThat(bucket.take(start)).isZero();
        }
        assertThat(bucket.take(start)).isEqualTo(SECOND / 4);
        assertThat(bucket.take(start + SECOND / 4)).isZero();
        assertThat(bucket.take(start + SECOND / 4)).isEqualTo(SECOND / 4);
    }

    @Test
    void lessThanOneASecondIsOneEachSoManySeconds() {
        var bucket = new TokenBucket(0.1, 0);
        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.take(SECOND)).isEqualTo(9 * SECOND);
        assertThat(bucket.take(10 * SECOND)).isZero();
    }

    @Test
    void whatWasNotAskedForInAnHourIsNotSaved() {
        var bucket = new TokenBucket(2, 0);
        long later = TimeUnit.HOURS.toNanos(1);
        assertThat(bucket.take(later)).isZero();
        assertThat(bucket.take(later)).isZero();
        assertThat(bucket.take(later)).isPositive();
    }

    @Test
    void manyThreadsTakeNoMoreThanThereIs() throws InterruptedException {
        var bucket = new TokenBucket(1_000, 0);
        var taken = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int j = 0; j < 1_000; j++) {
                    if (bucket.take(0) == 0) {
                        taken.incrementAndGet();
                    }
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(1_000);
    }
}
