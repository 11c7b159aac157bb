package dev.graft.task;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.LabelNumbers;
import dev.graft.data.LabelSet;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.ScaledOutput;
import java.util.Arrays;
import java.util.List;

/**
 * A number. The head learns it with mean 0 and deviation 1, and the graph gives it as it came.
 *
 * @param name of the number: its column's
 * @param scale in which it is learned
 */
public record Regression(String name, Scale scale) implements Target {
    private static final int STRATA = 10;

    /**
     * What training takes off the numbers, and divides them by.
     *
     * @param deviation more than 0
     */
    public record Scale(double mean, double deviation) {
        /** Numbers as they come. */
        public static final Scale NONE = new Scale(0, 1);
    }

    @Override
    public TargetKind kind() {
        return TargetKind.REGRESSION;
    }

    @Override
    public String description() {
        return "a number a row";
    }

    @Override
    public LabelSet labels(List<Example> examples) {
        double[] numbers = LabelNumbers.of(examples);
        if (Arrays.stream(numbers).distinct().count() < 2) {
            String file =
                    examples.isEmpty() ? "The data" : examples.get(0).file().toString();
            throw new InputException(
                    file + " has the same number in all rows; there is nothing to learn. Is --label the right column?");
        }
        return new LabelSet(List.of(name));
    }

    @Override
    public Truth truth(LabelSet labels, List<Example> examples) {
        return new Truth.Numbers(LabelNumbers.of(examples));
    }

    /** Tenths of the rows by their numbers. */
    @Override
    public List<String> strata(List<Example> examples) {
        double[] numbers = LabelNumbers.of(examples);
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return Arrays.stream(numbers)
                .mapToObj(number -> String.valueOf(below(sorted, number) * STRATA / numbers.length))
                .toList();
    }

    private static int below(double[] sorted, double number) {
        int place = Arrays.binarySearch(sorted, number);
        while (place > 0 && sorted[place - 1] == number) {
            place--;
        }
        return place;
    }

    @Override
    public List<String> warnings(List<Example> examples) {
        return List.of();
    }

    @Override
    public Regression learning(List<Example> train) {
        double[] numbers = LabelNumbers.of(train);
        double mean = Arrays.stream(numbers).average().orElse(0);
        double variance = Arrays.stream(numbers)
                .map(number -> (number - mean) * (number - mean))
                .average()
                .orElse(0);
        return new Regression(name, new Scale(mean, variance > 0 ? Math.sqrt(variance) : 1));
    }

    @Override
    public Rewrite head(Pooling pooling, LabelSet labels, long seed) {
        return new ClassifierHead(pooling, 1, seed).then(new ScaledOutput(scale.mean(), scale.deviation()));
    }
}
