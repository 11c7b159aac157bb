package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final int[] LENGTHS = lengths(1_003, 1);

    @Test
    void everyRowIsInExactlyOneBatch() {
        assertThat(rows(Batches.byLength(LENGTHS, 32, 42)))
                .containsExactly(IntStream.range(0, 1_003).toArray());
        assertThat(rows(Batches.sorted(LENGTHS, 32)))
                .containsExactly(IntStream.range(0, 1_003).toArray());
    }

    @Test
    void rowsOfAClassStandTogether() {
        int[] classes = IntStream.range(0, 1_003).map(row -> row % 77).toArray();
        List<int[]> batches = Batches.byClass(classes, 2, 32, 42);
        assertThat(rows(batches)).containsExactly(IntStream.range(0, 1_003).toArray());
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.length).isBetween(17, 49);
            long alone = Arrays.stream(batch)
                    .filter(row -> Arrays.stream(batch)
                                    .filter(other -> classes[other] == classes[row])
                                    .count()
                            == 1)
                    .count();
            assertThat(alone).isLessThan(batch.length / 2);
        });
        assertThat(Batches.byClass(classes, 2, 32, 42).toArray(int[][]::new))
                .isDeepEqualTo(batches.toArray(int[][]::new));
        assertThat(Batches.byClass(new int[] {0, 0, 1}, 2, 16, 1))
                .singleElement()
                .satisfies(batch -> assertThat(batch).containsExactlyInAnyOrder(0, 1, 2));
    }

    @Test
    void allBatchesButOneAreFull() {
        List<int[]> batches = Batches.byLength(LENGTHS, 32, 42);
        assertThat(batches).hasSize(32);
        assertThat(batches.stream().filter(batch -> batch.length == 32)).hasSize(31);
    }

    @Test
    void theSeedDecides() {
        int[][] first = Batches.byLength(LENGTHS, 32, 1).toArray(int[][]::new);
        assertThat(Batches.byLength(LENGTHS, 32, 1).toArray(int[][]::new)).isDeepEqualTo(first);
        assertThat(Arrays.deepEquals(Batches.byLength(LENGTHS, 32, 2).toArray(int[][]::new), first))
                .isFalse();
    }

    @Test
    void theLongestRowComesFirst() {
        int longest = Arrays.stream(LENGTHS).max().orElseThrow();
        assertThat(Arrays.stream(Batches.byLength(LENGTHS, 32, 42).get(0))
                        .map(row -> LENGTHS[row])
                        .max())
                .hasValue(longest);
    }

    @Test
    void littleIsPadded() {
        int[] lengths = lengths(10_000, 2);
        double grouped = Batches.padding(Batches.byLength(lengths, 32, 42), lengths);
        double sorted = Batches.padding(Batches.sorted(lengths, 32), lengths);
        double unordered = Batches.padding(inOrder(lengths, 32), lengths);
        assertThat(unordered).isGreaterThan(0.4);
        assertThat(grouped).isLessThan(0.12);
        assertThat(sorted).isLessThan(0.02);
    }

    @Test
    void orderIsNotThatOfLengths() {
        List<int[]> batches = Batches.byLength(LENGTHS, 32, 42);
        List<Integer> longest = batches.stream()
                .map(batch ->
                        Arrays.stream(batch).map(row -> LENGTHS[row]).max().orElseThrow())
                .toList();
        assertThat(longest).isNotEqualTo(longest.stream().sorted().toList());
        assertThat(longest)
                .isNotEqualTo(longest.stream().sorted((a, b) -> b - a).toList());
    }

    @Test
    void sortedBatchesKeepTheOrderOfEqualRows() {
        assertThat(Batches.sorted(new int[] {3, 5, 3, 5, 1}, 2).toArray(int[][]::new))
                .isDeepEqualTo(new int[][] {{1, 3}, {0, 2}, {4}});
    }

    @Test
    void fewRowsAreOneBatch() {
        assertThat(Batches.byLength(new int[] {4, 2}, 32, 42)).hasSize(1);
        assertThat(Batches.byLength(new int[0], 32, 42)).isEmpty();
        assertThat(Batches.sorted(new int[0], 32)).isEmpty();
        assertThat(Batches.padding(List.of(), new int[0])).isZero();
    }

    @Test
    void paddingIsTheShareOfPositions() {
        assertThat(Batches.padding(List.of(new int[] {0, 1}), new int[] {1, 4})).isEqualTo(3.0 / 8);
    }

    /** Lengths like those of short messages: many short, few long. */
    private static int[] lengths(int rows, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, rows)
                .map(i -> (int) Math.min(128, 5 + Math.exp(1 + 1.2 * Math.abs(random.nextGaussian()))))
                .toArray();
    }

    private static List<int[]> inOrder(int[] lengths, int size) {
        return IntStream.range(0, lengths.length / size)
                .mapToObj(i -> IntStream.range(i * size, (i + 1) * size).toArray())
                .toList();
    }

    private static int[] rows(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    }
}
