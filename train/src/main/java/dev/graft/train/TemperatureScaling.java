package dev.graft.train;

/**
 * The loss of logits at the temperature that suits them best (Guo et al. 2017).
 *
 * <p>How sure a head is depends on how strongly it was regularised and on how far its rows lie apart. Where heads on
 * different vectors are compared, that must not decide; which label they prefer, and by how much more than others, must.
 */
final class TemperatureScaling {
    private static final double WIDEST = Math.log(64);
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int STEPS = 24;

    private TemperatureScaling() {}

    /**
     * The lowest mean loss over temperatures of 1/64 to 64; it is convex in the temperature's inverse.
     *
     * @param logits [rows, classes]; a row at least
     * @param labels numbers of the right classes, one a row
     * @return nats a row
     */
    static double loss(float[][] logits, int[] labels) {
        double low = -WIDEST;
        double high = WIDEST;
        for (int step = 0; step < STEPS; step++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (loss(logits, labels, Math.exp(left)) < loss(logits, labels, Math.exp(right))) {
                high = right;
            } else {
                low = left;
            }
        }
        return loss(logits, labels, Math.exp((low + high) / 2));
    }

    /** The mean loss of logits times a factor. */
    private static double loss(float[][] logits, int[] labels, double factor) {
        double loss = 0;
        for (int row = 0; row < logits.length; row++) {
            double right = logits[row][labels[row]];
            double others = 0;
            double most = 0;
            for (float logit : logits[row]) {
                most = Math.max(most, factor * (logit - right));
            }
            for (float logit : logits[row]) {
                others += Math.exp(factor * (logit - right) - most);
            }
            loss += most + Math.log(others);
        }
        return loss / logits.length;
    }
}
