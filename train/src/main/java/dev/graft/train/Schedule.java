package dev.graft.train;

/** The learning rate as a function of progress. */
public sealed interface Schedule {
    /**
     * The learning rate.
     *
     * @param progress the share of the phase's steps that are done, 0 to 1
     */
    double at(double progress);

    /** The same rate throughout. */
    record Constant(double rate) implements Schedule {
        public Constant {
            Rates.check(rate);
        }

        @Override
        public double at(double progress) {
            return rate;
        }
    }

    /**
     * A linear rise from 0 to the peak, then a linear fall to 0 (Hugging Face's {@code linear}; Devlin et al. 2019).
     *
     * @param peak the highest rate
     * @param warmup the share of steps that the rise takes, 0 to 1
     */
    record Linear(double peak, double warmup) implements Schedule {
        public Linear {
            Rates.check(peak);
            Rates.checkWarmup(warmup);
        }

        @Override
        public double at(double progress) {
            return peak * (progress < warmup ? progress / warmup : (1 - progress) / Math.max(1e-12, 1 - warmup));
        }
    }

    /**
     * A linear rise from 0 to the peak, then half a cosine down to 0 (Loshchilov and Hutter 2017, without restarts).
     *
     * @param peak the highest rate
     * @param warmup the share of steps that the rise takes, 0 to 1
     */
    record Cosine(double peak, double warmup) implements Schedule {
        public Cosine {
            Rates.check(peak);
            Rates.checkWarmup(warmup);
        }

        @Override
        public double at(double progress) {
            if (progress < warmup) {
                return peak * progress / warmup;
            }
            double rest = (progress - warmup) / Math.max(1e-12, 1 - warmup);
            return peak * 0.5 * (1 + Math.cos(Math.PI * rest));
        }
    }

    /**
     * A short linear rise, then a long linear fall, from and to a 32nd of the peak (Howard and Ruder 2018).
     *
     * @param peak the highest rate
     * @param cut the share of steps that the rise takes, 0 to 1; 0.1 is usual
     */
    record SlantedTriangular(double peak, double cut) implements Schedule {
        private static final double RATIO = 32;

        public SlantedTriangular {
            Rates.check(peak);
            Rates.checkWarmup(cut);
        }

        @Override
        public double at(double progress) {
            double share = progress < cut ? progress / cut : (1 - progress) / Math.max(1e-12, 1 - cut);
            return peak * (1 + share * (RATIO - 1)) / RATIO;
        }
    }

    /** What every schedule asks of its numbers. */
    final class Rates {
        private Rates() {}

        private static void check(double rate) {
            if (!(rate > 0 && rate < 1)) {
                throw new dev.graft.InputException("--learning-rate must lie between 0 and 1, not " + rate
                        + "; 2e-5 to 1e-4 is usual for full fine-tuning");
            }
        }

        private static void checkWarmup(double warmup) {
            if (!(warmup >= 0 && warmup <= 1)) {
                throw new dev.graft.InputException(
                        "--warmup-ratio is a share of the steps, 0 to 1, not " + warmup + "; 0.1 is usual");
            }
        }
    }
}
