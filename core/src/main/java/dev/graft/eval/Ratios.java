package dev.graft.eval;

/** Quotients of counts, 0 where the denominator is. */
final class Ratios {
    private Ratios() {}

    static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    /** 2PR / (P + R), written in counts. */
    static double f1(int support, int predicted, int correct) {
        return ratio(2.0 * correct, (double) support + predicted);
    }
}
