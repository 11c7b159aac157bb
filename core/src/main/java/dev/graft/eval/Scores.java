package dev.graft.eval;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How good a classifier's predictions are. In JSON the names are scikit-learn's: {@code macro_f1}, {@code log_loss}, ….
 *
 * @param rows how many rows were scored
 * @param accuracy the share of rows whose most probable class is the true one
 * @param macroF1 the mean F1 over the classes that are expected or predicted at least once
 * @param weightedF1 the mean F1 weighted by the classes' rows
 * @param mcc Matthews' correlation coefficient for many classes (Gorodkin 2004), -1 to 1
 * @param logLoss the mean of -ln(probability of the true class), probabilities clipped at single precision's epsilon
 * @param calibrationError the expected calibration error (Guo et al. 2017) over 15 bins of equal width
 * @param perClass a line for each class, in the order of the labels
 * @param confusions the pairs of classes that were confused, the most frequent first
 * @param calibration the 15 bins of the reliability diagram
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Scores(
        int rows,
        Estimate accuracy,
        Estimate macroF1,
        Estimate weightedF1,
        Estimate mcc,
        Estimate logLoss,
        Estimate calibrationError,
        List<ClassScores> perClass,
        List<Confusion> confusions,
        List<CalibrationBin> calibration) {
    public Scores {
        perClass = List.copyOf(perClass);
        confusions = List.copyOf(confusions);
        calibration = List.copyOf(calibration);
    }
}
