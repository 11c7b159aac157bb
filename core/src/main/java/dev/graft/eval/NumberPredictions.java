package dev.graft.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Numbers that a regression says of rows whose true numbers are known.
 *
 * @param expected finite, one a row; held, not copied
 * @param predicted finite, one a row; held, not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record NumberPredictions(double[] expected, double[] predicted) implements Scorable {
    public NumberPredictions {
        if (expected.length == 0 || expected.length != predicted.length) {
            throw new IllegalArgumentException(
                    expected.length + " expected numbers for " + predicted.length + " predicted ones");
        }
        if (!Arrays.stream(expected).allMatch(Double::isFinite)
                || !Arrays.stream(predicted).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("The numbers to score must be finite");
        }
    }

    @Override
    public int rows() {
        return expected.length;
    }

    @Override
    public boolean sameRows(Scorable other) {
        return other instanceof NumberPredictions numbers && Arrays.equals(expected, numbers.expected);
    }

    @Override
    public double error(int row) {
        return Math.abs(expected[row] - predicted[row]);
    }

    @Override
    public List<NumberError> worst(List<String> texts, int limit) {
        return IntStream.range(0, rows())
                .filter(row -> error(row) > 0)
                .mapToObj(row ->
                        new NumberError(row, texts.get(row), shown(expected[row]), shown(predicted[row]), error(row)))
                .sorted(Comparator.comparingDouble(NumberError::error).reversed())
                .limit(limit)
                .toList();
    }

    /** A number with six digits that count, as people write it. */
    public static String shown(double value) {
        String text = String.format(Locale.ROOT, "%.6g", value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
    }
}
