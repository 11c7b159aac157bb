package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistinctRowsTest {
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask");
    private static final TokenRows ONE = TokenRows.random(20, 1);
    private static final TokenRows OTHER = TokenRows.random(12, 2);

    @Test
    void everyContentIsThereOnceWhoeverHoldsIt() {
        DistinctRows rows = new DistinctRows(List.of(ONE, OTHER, ONE), INPUTS);
        assertThat(rows.size()).isEqualTo(32);
        assertThat(rows.places(2)).isEqualTo(rows.places(0));
        assertThat(Arrays.stream(rows.places(0)).distinct().count()).isEqualTo(20);
    }

    @Test
    void longRowsComeFirst() {
        int[] lengths = new DistinctRows(List.of(ONE, OTHER), INPUTS).lengths();
        for (int i = 1; i < lengths.length; i++) {
            assertThat(lengths[i]).isLessThanOrEqualTo(lengths[i - 1]);
        }
    }

    @Test
    void theDigestIsOfTheContentsAlone() {
        String digest = new DistinctRows(List.of(ONE, OTHER), INPUTS).digest();
        assertThat(new DistinctRows(List.of(OTHER, ONE), INPUTS).digest()).isEqualTo(digest);
        assertThat(new DistinctRows(List.of(ONE), INPUTS).digest()).isNotEqualTo(digest);
    }

    @Test
    void batchesHoldEachRowOnceAndStayWithinTheirTokens() {
        DistinctRows rows = new DistinctRows(List.of(ONE, OTHER), INPUTS);
        List<int[]> batches = rows.batches(4, 20, 24);
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(java.util.stream.IntStream.range(4, 24).toArray());
        for (int[] batch : batches) {
            assertThat(batch.length * rows.lengths()[batch[0]]).isLessThanOrEqualTo(24);
            assertThat(rows.inputs(batch)).containsOnlyKeys(INPUTS);
        }
    }

    @Test
    void aRowLongerThanTheBoundStandsAlone() {
        assertThat(new DistinctRows(List.of(ONE), INPUTS).batches(0, 3, 1)).allMatch(batch -> batch.length == 1);
    }
}
