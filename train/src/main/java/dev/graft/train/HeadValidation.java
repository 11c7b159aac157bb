package dev.graft.train;

import dev.graft.eval.Metric;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.run.Session;
import dev.graft.task.TargetKind;
import dev.graft.tensor.Array;
import dev.graft.torch.TorchSettings;
import java.util.Arrays;

/**
 * Scores an encoder by the head that is solved for on its vectors of some rows, on other rows.
 *
 * <p>The loss is that at the best temperature. Tuned vectors lie farther apart, and under one regularisation their head
 * is surer; at its own temperature it had the lower loss where it put fewer rows right.
 */
final class HeadValidation implements Validation {
    private final TextRows train;
    private final TextRows held;
    private final TorchSettings settings;
    private final Metric metric;
    private final int classes;
    private final int batchSize;

    HeadValidation(TextRows train, TextRows held, TorchSettings settings, Metric metric, int classes, int batchSize) {
        this.train = train;
        this.held = held;
        this.settings = settings;
        this.metric = metric;
        this.classes = classes;
        this.batchSize = batchSize;
    }

    @Override
    public Result score(Session session) {
        var probe = new LinearProbe(FewShot.PROBE, settings, joined(vectors(session, train)), train.labels(), classes);
        LinearProbe.Solution head = probe.fit(FewShot.PROBE.strengths().get(0));
        float[][] vectors = vectors(session, held);
        float[] weight = head.weight().floats();
        float[] bias = head.bias().floats();
        float[][] logits = Arrays.stream(vectors)
                .map(vector -> logits(weight, bias, vector))
                .toArray(float[][]::new);
        Result told = TargetValidation.result(TargetKind.SINGLE_LABEL, metric, classes, held.truth(), logits);
        return new Result(metric, told.value(), TemperatureScaling.loss(logits, held.labels()));
    }

    /** The rows' vectors at length 1, as the head will read them. */
    private float[][] vectors(Session session, TextRows rows) {
        float[][] vectors = Outputs.of(session, rows, batchSize, FeaturesOutput.FEATURES);
        for (float[] vector : vectors) {
            double squares = 0;
            for (float value : vector) {
                squares += (double) value * value;
            }
            float length = (float) Math.max(Float.MIN_NORMAL, Math.sqrt(squares));
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= length;
            }
        }
        return vectors;
    }

    private static Array joined(float[][] vectors) {
        int width = vectors[0].length;
        float[] all = new float[vectors.length * width];
        for (int row = 0; row < vectors.length; row++) {
            System.arraycopy(vectors[row], 0, all, row * width, width);
        }
        return Array.of(all, vectors.length, width);
    }

    private static float[] logits(float[] weight, float[] bias, float[] vector) {
        float[] logits = bias.clone();
        for (int label = 0; label < logits.length; label++) {
            for (int i = 0; i < vector.length; i++) {
                logits[label] += weight[label * vector.length + i] * vector[i];
            }
        }
        return logits;
    }
}
