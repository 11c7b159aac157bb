package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.bundle.Parity;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import java.util.List;

/**
 * Parity examples, which training computed in float32, beside what is computed of them in numbers that are rounded more.
 *
 * @param source names the bundle in errors
 * @param precision names the numbers in errors
 */
record RoundedParity(String source, String precision, Reading reading, Parity parity) {
    /**
     * How far one output may be from what float32 gave, as a share of the largest output of all examples. What one
     * product rounds by, 2<sup>-9</sup> in bfloat16, adds up over an encoder's layers.
     */
    static final double TOLERANCE = 0.05;

    /** @throws InputException if an example gets other labels, or outputs beyond the tolerance */
    void check(List<float[]> outputs) {
        double allowed = Math.max(parity.tolerance(), TOLERANCE * largest());
        for (int i = 0; i < outputs.size(); i++) {
            float[] expected = expected(i);
            double difference = difference(expected, outputs.get(i));
            if (!(difference <= allowed)) {
                throw refused("the outputs of parity example " + (i + 1) + " differ by " + difference
                        + " from those in fp32, allowed are " + allowed);
            }
            String before = labels(expected);
            String now = labels(outputs.get(i));
            if (!before.equals(now)) {
                throw refused("parity example " + (i + 1) + " is answered with '" + now + "' where fp32 answers '"
                        + before + "'");
            }
        }
    }

    private InputException refused(String why) {
        return new InputException(source + " does not bear being computed in " + precision + ": " + why
                + "; use --precision fp32, in which it was trained to answer");
    }

    private double largest() {
        return parity.examples().stream()
                .flatMap(example -> example.outputs().stream())
                .mapToDouble(Math::abs)
                .max()
                .orElse(0);
    }

    private float[] expected(int example) {
        List<Float> values = parity.examples().get(example).outputs();
        float[] expected = new float[values.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = values.get(i);
        }
        return expected;
    }

    private static double difference(float[] expected, float[] computed) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs((double) computed[i] - expected[i]));
        }
        return largest;
    }

    /** The labels that outputs mean; a regression gives none. */
    private String labels(float[] outputs) {
        return reading.kind() == TargetKind.REGRESSION
                ? ""
                : Answer.of(reading, outputs).label();
    }
}
