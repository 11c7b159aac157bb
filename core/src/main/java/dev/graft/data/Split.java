package dev.graft.data;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Examples in three parts: to learn from, to choose the best epoch by, to test with. */
public record Split(List<Example> train, List<Example> validation, List<Example> test) {
    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /**
     * Splits at random so that every label has about its share in each part; the same seed gives the same split.
     *
     * <p>Each part's size is shared out among the labels by largest remainder. A label keeps at least one row for
     * training. Within a part the examples keep their order.
     *
     * @param validation the share of the rows, 0 to below 1; of very few rows none may be left for it
     * @param test the share of the rows, 0 to below 1; both together below 1
     * @throws InputException if no row would be left to test with though a share was asked for
     */
    public static Split stratified(List<Example> examples, double validation, double test, long seed) {
        return stratified(examples, examples.stream().map(Example::label).toList(), validation, test, seed);
    }

    /**
     * As the other, for examples whose labels do not say which of them are alike.
     *
     * @param strata one an example; those of one stratum have about their share in each part
     */
    public static Split stratified(
            List<Example> examples, List<String> strata, double validation, double test, long seed) {
        if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
            throw new InputException("--validation-share (" + validation + ") and --test-share (" + test
                    + ") must be 0 or more and less than 1 together");
        }
        List<List<Integer>> classes = shuffledClasses(strata, new Random(seed));
        int[] spare = classes.stream().mapToInt(rows -> rows.size() - 1).toArray();
        int[] tested = quotas(classes, test, spare);
        IntStream.range(0, spare.length).forEach(i -> spare[i] -= tested[i]);
        int[] validated = quotas(classes, validation, spare);
        List<Example> testPart = part(examples, classes, new int[classes.size()], tested);
        List<Example> validationPart = part(examples, classes, tested, validated);
        if (test > 0 && testPart.isEmpty()) {
            throw new InputException(
                    "Too few rows to split: of " + examples.size() + " rows with " + classes.size()
                            + " labels, none is left for test at a share of " + test
                            + " while every label keeps one for training. Add rows, raise the share, or give a file of its own");
        }
        int[] held = IntStream.range(0, tested.length)
                .map(i -> tested[i] + validated[i])
                .toArray();
        int[] rest = IntStream.range(0, held.length)
                .map(i -> classes.get(i).size() - held[i])
                .toArray();
        return new Split(part(examples, classes, held, rest), validationPart, testPart);
    }

    private static List<List<Integer>> shuffledClasses(List<String> strata, Random random) {
        Map<String, List<Integer>> byLabel = new TreeMap<>();
        for (int i = 0; i < strata.size(); i++) {
            byLabel.computeIfAbsent(strata.get(i), label -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> classes = new ArrayList<>(byLabel.values());
        classes.forEach(rows -> Collections.shuffle(rows, random));
        return classes;
    }

    /** How many rows of each class a part takes: the whole of its share, then one more by largest remainder. */
    private static int[] quotas(List<List<Integer>> classes, double share, int[] spare) {
        int total = classes.stream().mapToInt(List::size).sum();
        int[] quotas = new int[classes.size()];
        for (int i = 0; i < quotas.length; i++) {
            quotas[i] = Math.min(spare[i], (int) (classes.get(i).size() * share));
        }
        long left = Math.round(total * share) - IntStream.of(quotas).sum();
        List<Integer> byRemainder = IntStream.range(0, quotas.length)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> quotas[i] - classes.get(i).size() * share))
                .toList();
        for (int i : byRemainder) {
            if (left > 0 && quotas[i] < spare[i]) {
                quotas[i]++;
                left--;
            }
        }
        return quotas;
    }

    private static List<Example> part(List<Example> examples, List<List<Integer>> classes, int[] from, int[] counts) {
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            rows.addAll(classes.get(i).subList(from[i], from[i] + counts[i]));
        }
        return rows.stream().sorted().map(examples::get).toList();
    }
}
