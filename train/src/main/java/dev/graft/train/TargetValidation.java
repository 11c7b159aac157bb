package dev.graft.train;

import dev.graft.eval.Metric;
import dev.graft.run.Session;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import dev.graft.task.Truth;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores a network on held-out rows, whatever their answers are.
 *
 * @param view the rows as the network reads them
 * @param kind of the answers
 * @param metric that is told of them
 * @param outputs how many the network has
 */
record TargetValidation(Rows view, TargetKind kind, Metric metric, Truth truth, int outputs, int batchSize)
        implements Validation {
    @Override
    public Result score(Session session) {
        return result(kind, metric, outputs, truth, Logits.of(session, view, batchSize));
    }

    /** The metric that decides, thresholds chosen by these very rows, and the mean loss. */
    static Result result(TargetKind kind, int outputs, Truth truth, float[][] logits) {
        return result(kind, kind.metrics().get(0), outputs, truth, logits);
    }

    /** A metric, thresholds chosen by these very rows, and the mean loss. */
    static Result result(TargetKind kind, Metric metric, int outputs, Truth truth, float[][] logits) {
        List<String> names =
                IntStream.range(0, outputs).mapToObj(String::valueOf).toList();
        float[][] scores = Arrays.stream(logits).map(kind::scores).toArray(float[][]::new);
        double score =
                Reading.tuned(kind, names, truth, scores).scored(truth, scores).score(metric);
        double loss = 0;
        for (int row = 0; row < scores.length; row++) {
            loss += loss(truth, row, scores[row]);
        }
        return new Result(metric, score, loss / logits.length);
    }

    private static double loss(Truth truth, int row, float[] scores) {
        if (truth instanceof Truth.Classes classes) {
            return -Math.log(Math.max(scores[classes.numbers()[row]], Float.MIN_NORMAL));
        } else if (truth instanceof Truth.Numbers numbers) {
            double off = scores[0] - numbers.values()[row];
            return off * off;
        }
        boolean[] has = ((Truth.Sets) truth).has()[row];
        double sum = 0;
        for (int label = 0; label < has.length; label++) {
            sum -= Math.log(Math.max(has[label] ? scores[label] : 1.0 - scores[label], Float.MIN_NORMAL));
        }
        return sum / has.length;
    }
}
