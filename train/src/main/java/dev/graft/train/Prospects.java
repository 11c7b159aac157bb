package dev.graft.train;

import dev.graft.eval.Predictions;
import dev.graft.eval.RowScores;
import dev.graft.eval.Transferability;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What frozen features say of rows before anything is tuned.
 *
 * <p>The error of a head has two parts. One falls with more rows; tuning does not touch it, and adds to it with the
 * weights that it has to fit. The other is left however many rows there are, because the features do not say more: this
 * is what tuning can take away. They are told apart by the head's learning curve, under the usual law that the first part
 * falls with the root of the rows.
 *
 * @param potential the part of the accuracy that more rows would not bring, 0 to 1
 * @param rows there are
 * @param measured what was found, by name
 */
record Prospects(double potential, int rows, Map<String, Double> measured) {
    /** The potential below which few contenders race, for there is little to win. */
    private static final double LITTLE = 0.05;

    private static final int FEW_CONTENDERS = 2;

    /** Rows below which one contender races, for what sets them apart is lost in the noise. */
    private static final int FEW_ROWS = 1_000;

    /** Folds beyond which one of them has rows enough. */
    private static final int FEW_FOLDS = 3;

    private static final double ROOT_OF_TWO = Math.sqrt(2);
    /** Rows that the transferability is computed of at most. */
    private static final int ENOUGH = 2_000;

    /** What a trunk says of the rows of a course. */
    static Prospects of(FrozenTrunk trunk, Course course, int classes, Optional<Array> words) {
        Map<String, Double> measured = new LinkedHashMap<>();
        int most = course.learned(0, course.rows()).length;
        int[] sizes = {most / 4, most / 2, most};
        double[] curve = curve(trunk, course, sizes);
        for (int i = 0; i < sizes.length; i++) {
            measured.put("accuracy of a head on " + sizes[i] + " rows", curve[i]);
        }
        double before = curve[1];
        double accuracy = curve[2];
        double falling = Math.max(0, accuracy - before) / (ROOT_OF_TWO - 1);
        double potential = Math.max(0, 1 - accuracy - falling);
        measured.put("accuracy that more rows would not bring", potential);
        int[] some = course.learned(0, ENOUGH);
        float[][] features = trunk.vectors(some);
        measured.put("LogME", Transferability.logMe(features, trunk.labels(some), classes));
        measured.put("H-score", Transferability.hScore(features, trunk.labels(some), classes));
        words.ifPresent(vectors -> measured.put("LEEP from the labels' words", leep(trunk, some, vectors, classes)));
        return new Prospects(potential, course.rows(), measured);
    }

    /** The accuracy of heads that learned from so many rows. */
    private static double[] curve(FrozenTrunk trunk, Course course, int[] sizes) {
        int folds = course.folds() > FEW_FOLDS ? 1 : course.folds();
        List<FrozenTrunk.Trial> trials = new ArrayList<>();
        for (int rows : sizes) {
            for (int fold = 0; fold < folds; fold++) {
                trials.add(new FrozenTrunk.Trial(course.learned(fold, rows), course.judged(fold)));
            }
        }
        List<Predictions> said = trunk.of(trials, course.seed());
        double[] curve = new double[sizes.length];
        for (int size = 0; size < sizes.length; size++) {
            List<RowScores> scores = new ArrayList<>();
            for (int trial = size * folds; trial < (size + 1) * folds; trial++) {
                scores.add(RowScores.of(trials.get(trial).asked(), said.get(trial)));
            }
            curve[size] = RowScores.joined(scores).mean();
        }
        return curve;
    }

    private static double leep(FrozenTrunk trunk, int[] rows, Array words, int classes) {
        Predictions said = trunk.nearest(words, rows);
        return Transferability.leep(said.probabilities(), said.expected(), classes);
    }

    /** Those of a field, in its order, that are worth their time. */
    List<Strategy> worthwhile(List<Strategy> field) {
        int wanted = rows < FEW_ROWS ? 1 : potential < LITTLE ? FEW_CONTENDERS : field.size();
        int contrast = field.contains(Strategy.FEW_SHOT) ? 1 : 0;
        return field.subList(0, Math.min(wanted + contrast, field.size()));
    }

    /** What was found, in a line. */
    String sentence() {
        List<String> parts = new ArrayList<>();
        measured.forEach((name, value) -> parts.add(name + String.format(Locale.ROOT, " %.3f", value)));
        return "frozen features: " + String.join(", ", parts);
    }
}
