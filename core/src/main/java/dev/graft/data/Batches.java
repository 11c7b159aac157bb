package dev.graft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Rows in batches of similar length, so that little is padded. */
public final class Batches {
    private static final int BATCHES_IN_A_POOL = 50;

    private Batches() {}

    /**
     * Batches for training: rows are shuffled, sorted by length within pools of 50 batches, cut, and the batches are
     * shuffled. The batch with the longest row comes first, so that too little memory shows at once. The same seed gives
     * the same batches; every row is in exactly one.
     *
     * <p>Source: {@code LengthGroupedSampler} of Hugging Face transformers, whose pools these are; it leaves the batches
     * of a pool in order of length, which is not done here.
     *
     * @param lengths the number of tokens of each row
     * @return row numbers; all batches but one are full
     */
    public static List<int[]> byLength(int[] lengths, int batchSize, long seed) {
        Random random = new Random(seed);
        List<Integer> rows =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        Collections.shuffle(rows, random);
        int pools = Math.max(1, Math.min(lengths.length / (batchSize * 4), BATCHES_IN_A_POOL));
        List<int[]> batches = new ArrayList<>();
        for (List<Integer> pool : cut(rows, Math.multiplyExact(pools, batchSize))) {
            pool.sort(longestFirst(lengths));
            cut(pool, batchSize).forEach(batch -> batches.add(numbers(batch)));
        }
        Collections.shuffle(batches, random);
        putLongestFirst(batches, lengths);
        return batches;
    }

    /**
     * Batches in which rows of a class stand together: the rows of each class are shuffled and cut into groups, the groups
     * are shuffled and put into batches one after another. The same seed gives the same batches; every row is in one.
     *
     * @param classes the class of each row
     * @param together rows in a group; what is left of a class is a smaller one
     * @param batchSize rows that make a batch full; a group is not taken apart, so it may have some more
     * @return row numbers; the last batch may be small, or is joined to the one before if it has half the rows or fewer
     */
    public static List<int[]> byClass(int[] classes, int together, int batchSize, long seed) {
        Random random = new Random(seed);
        Map<Integer, List<Integer>> rows = new TreeMap<>();
        for (int row = 0; row < classes.length; row++) {
            rows.computeIfAbsent(classes[row], key -> new ArrayList<>()).add(row);
        }
        List<List<Integer>> groups = new ArrayList<>();
        rows.values().forEach(ofClass -> {
            Collections.shuffle(ofClass, random);
            groups.addAll(cut(ofClass, together));
        });
        Collections.shuffle(groups, random);
        List<List<Integer>> batches = new ArrayList<>(List.of(new ArrayList<>()));
        for (List<Integer> group : groups) {
            List<Integer> last = batches.get(batches.size() - 1);
            if (last.size() >= batchSize) {
                last = new ArrayList<>();
                batches.add(last);
            }
            last.addAll(group);
        }
        List<Integer> last = batches.get(batches.size() - 1);
        if (batches.size() > 1 && last.size() <= batchSize / 2) {
            batches.remove(last);
            batches.get(batches.size() - 1).addAll(last);
        }
        return batches.stream().map(Batches::numbers).toList();
    }

    /** Batches for inference: longest rows first, ties in the order of the rows. */
    public static List<int[]> sorted(int[] lengths, int batchSize) {
        List<Integer> rows =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        rows.sort(longestFirst(lengths));
        return cut(rows, batchSize).stream().map(Batches::numbers).toList();
    }

    /** The share of positions that are padding when each batch is padded to its longest row, 0 to 1. */
    public static double padding(List<int[]> batches, int[] lengths) {
        long padded = 0;
        long used = 0;
        for (int[] batch : batches) {
            padded += (long) batch.length * longest(batch, lengths);
            used += Arrays.stream(batch).mapToLong(row -> lengths[row]).sum();
        }
        return padded == 0 ? 0 : 1 - (double) used / padded;
    }

    private static Comparator<Integer> longestFirst(int[] lengths) {
        return Comparator.comparingInt(row -> -lengths[row]);
    }

    private static int longest(int[] batch, int[] lengths) {
        return Arrays.stream(batch).map(row -> lengths[row]).max().orElse(0);
    }

    private static void putLongestFirst(List<int[]> batches, int[] lengths) {
        IntStream.range(0, batches.size())
                .boxed()
                .max(Comparator.comparingInt(i -> longest(batches.get(i), lengths)))
                .ifPresent(i -> Collections.swap(batches, 0, i));
    }

    private static List<List<Integer>> cut(List<Integer> rows, int size) {
        List<List<Integer>> parts = new ArrayList<>();
        for (int start = 0; start < rows.size(); start += size) {
            parts.add(rows.subList(start, Math.min(rows.size(), start + size)));
        }
        return parts;
    }

    private static int[] numbers(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).toArray();
    }
}
