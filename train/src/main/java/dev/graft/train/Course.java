package dev.graft.train;

import dev.graft.InputException;
import dev.graft.eval.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rows a race learns from and is judged by, round by round; it depends on nothing but the labels and the seed.
 *
 * <p>The rows are dealt out into folds, label by label. A round is judged by one fold, or by several where they are
 * small, and learns from the others, which are of another size each time: so no round chooses by rows that an earlier
 * one has chosen by, as far as there are enough.
 *
 * @param labels of all rows
 * @param foldOf the fold of each row; {@link #NEVER} for the only row of a label, which is learned always
 * @param folds how many there are
 * @param seed of the draws
 */
record Course(int[] labels, int[] foldOf, int folds, long seed) {
    private static final int NEVER = -1;
    private static final int FEWEST_FOLDS = 3;
    private static final int MOST_FOLDS = 20;
    /** Rows of a fold that tell apart what is two points apart; more cost time. */
    private static final int ENOUGH = 1_400;
    /** Rows below which a round is judged by several folds; the last, which decides, by more. */
    private static final List<Integer> FEW = List.of(200, 400);
    /** Rows that the rounds learn from at most: enough to see whether tuning pays, then how much. */
    private static final List<Integer> LEARNED = List.of(2_000, 6_000);

    private static final int FIRST_EPOCHS = 2;

    /** One round: the folds that judge, the rows that each of its trainings learns from, and how often. */
    record Round(int number, List<Integer> folds, int rows, int epochs) {}

    /**
     * Deals out rows.
     *
     * @throws InputException if no two rows of one label are left to learn where a fold judges
     */
    static Course of(int[] labels, int classes, long seed) {
        int[] counts = new int[classes];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        int folds = Math.max(FEWEST_FOLDS, Math.min(MOST_FOLDS, Math.round((float) labels.length / ENOUGH)));
        Integer[] order = IntStream.range(0, labels.length).boxed().toArray(Integer[]::new);
        java.util.Collections.shuffle(Arrays.asList(order), new Random(seed));
        Arrays.sort(order, java.util.Comparator.comparingInt(row -> labels[row]));
        int[] foldOf = new int[labels.length];
        int next = 0;
        for (int row : order) {
            foldOf[row] = counts[labels[row]] == 1 ? NEVER : next++ % folds;
        }
        Course course = new Course(labels, foldOf, folds, seed);
        if (!course.rounds(1).stream().allMatch(course::canBeLearned)) {
            throw new InputException("--strategy auto judges by folds of the rows, which needs a label with 3 rows to"
                    + " train on, or three with 2, but there are " + labels.length + " rows of " + classes
                    + " labels; add rows, or take --strategy "
                    + (IntStream.of(counts).anyMatch(count -> count > 1) ? "head" : "zero-shot"));
        }
        return course;
    }

    /** Whether each of its trainings learns two rows of one label, and is judged by a row. */
    private boolean canBeLearned(Round round) {
        return round.folds().stream().allMatch(fold -> {
            int[] learned = learned(fold, round.rows());
            long kinds =
                    Arrays.stream(learned).map(row -> labels[row]).distinct().count();
            return kinds < learned.length && judged(fold).length > 0;
        });
    }

    /** Epochs after which so many rows are learned, if nothing else is said: the fewer the rows, the more. */
    static int epochs(int rows) {
        if (rows >= 5_000) {
            return 3;
        }
        if (rows >= 2_000) {
            return 4;
        }
        return rows >= 500 ? 6 : 10;
    }

    /** The rounds: a short one, and one as long as the final training. */
    List<Round> rounds(int mostEpochs) {
        List<Round> rounds = new ArrayList<>();
        int first = 0;
        for (int number = 0; number < LEARNED.size(); number++) {
            int judged =
                    Math.max(1, Math.min(folds, (int) Math.ceil((double) FEW.get(number) * folds / labels.length)));
            List<Integer> judging = IntStream.range(first, first + judged)
                    .map(fold -> fold % folds)
                    .boxed()
                    .toList();
            int rows = Math.min(LEARNED.get(number), labels.length - judged(judging.get(0)).length);
            rounds.add(new Round(number, judging, rows, number == 0 ? Math.min(FIRST_EPOCHS, mostEpochs) : mostEpochs));
            first += judged;
        }
        return rounds;
    }

    int rows() {
        return labels.length;
    }

    /** The rows of a fold. */
    int[] judged(int fold) {
        return IntStream.range(0, labels.length)
                .filter(row -> foldOf[row] == fold)
                .toArray();
    }

    /** Some of the rows that are not of a fold, of every label about its share and one at least, in their order. */
    int[] learned(int fold, int most) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, labels.length)
                .filter(row -> foldOf[row] != fold)
                .boxed()
                .toList());
        if (order.size() <= most) {
            return numbers(order);
        }
        java.util.Collections.shuffle(order, new Random(Seeds.mix(seed, fold)));
        int[] taken = new int[Arrays.stream(labels).max().orElse(0) + 1];
        double[] place = new double[labels.length];
        int[] counts = new int[taken.length];
        order.forEach(row -> counts[labels[row]]++);
        for (int row : order) {
            place[row] = (double) taken[labels[row]]++ / counts[labels[row]];
        }
        order.sort(java.util.Comparator.comparingDouble(row -> place[row]));
        int labelled = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        return numbers(order.subList(0, Math.max(most, labelled)));
    }

    private static int[] numbers(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    /** Scores on the rows of a fold. */
    RowScores scores(int fold, dev.graft.eval.Predictions said) {
        return RowScores.of(judged(fold), said);
    }
}
