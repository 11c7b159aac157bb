package dev.graft.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Cells that hold a number each. */
public final class LabelNumbers {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");
    private static final int MANY = 20;

    private LabelNumbers() {}

    /** Whether a cell holds a finite number, as programs write it. */
    public static boolean isNumber(String cell) {
        return NUMBER.matcher(cell.strip()).matches() && Double.isFinite(Double.parseDouble(cell.strip()));
    }

    /**
     * Whether cells are clearly measurements, not numbers that stand for classes: numbers all, some with a fraction, and
     * {@value #MANY} different ones or more.
     */
    public static boolean found(Collection<String> cells) {
        return cells.stream().anyMatch(cell -> cell.contains("."))
                && cells.stream().distinct().count() >= MANY
                && cells.stream().allMatch(LabelNumbers::isNumber);
    }

    /**
     * The number of each example.
     *
     * @throws dev.graft.InputException if labels are no numbers; all are reported at once, at most 20 in full
     */
    public static double[] of(List<Example> examples) {
        Map<Path, Findings> findings = new LinkedHashMap<>();
        double[] numbers = new double[examples.size()];
        for (int i = 0; i < numbers.length; i++) {
            Example example = examples.get(i);
            if (isNumber(example.label())) {
                numbers[i] = Double.parseDouble(example.label().strip());
            } else {
                findings.computeIfAbsent(example.file(), Findings::new)
                        .add(example.line(), "a finite number was expected, not '" + example.label() + "'");
            }
        }
        findings.values().forEach(Findings::throwIfAny);
        return numbers;
    }
}
