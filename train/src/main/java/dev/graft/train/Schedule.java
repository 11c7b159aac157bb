package dev.graft.train;

import dev.graft.InputException;
import java.util.List;

/** The learning rate as a function of how far a phase is. */
public sealed interface Schedule {
    /** The learning rate of a step. */
    double at(Moment moment);

    /** How long the rate rises at the beginning. */
    default Warmup warmup() {
        return Warmup.NONE;
    }

    /**
     * Where a phase stands.
     *
     * @param progress the share of the phase's steps that are done, 0 to 1
     * @param steps of the phase in all, 1 or more
     * @param losses on the validation rows, of the phase's epochs that have ended
     */
    record Moment(double progress, long steps, List<Double> losses) {
        public Moment {
            losses = List.copyOf(losses);
        }

        /** How much of the rise is done, 0 to 1. */
        private double risen(Warmup warmup) {
            double share = warmup.share(steps);
            return progress < share ? progress / share : 1;
        }

        /** The share that is done of the steps after the rise, 0 to 1. */
        private double rest(Warmup warmup) {
            double share = warmup.share(steps);
            return Math.max(0, progress - share) / Math.max(1e-12, 1 - share);
        }
    }

    /** A linear rise from 0, if any; then the same rate throughout. */
    record Constant(double peak, Warmup warmup) implements Schedule {
        public Constant {
            Rates.check(peak);
        }

        /** The same rate from the first step on. */
        public Constant(double rate) {
            this(rate, Warmup.NONE);
        }

        @Override
        public double at(Moment moment) {
            return peak * moment.risen(warmup);
        }
    }

    /**
     * A linear rise from 0 to the peak, then a linear fall to 0 (Hugging Face's {@code linear}; Devlin et al. 2019).
     *
     * @param peak the highest rate
     */
    record Linear(double peak, Warmup warmup) implements Schedule {
        public Linear {
            Rates.check(peak);
        }

        /** The rise takes a share of the steps, 0 to 1. */
        public Linear(double peak, double warmup) {
            this(peak, Warmup.ratio(warmup));
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            double left = (1 - moment.progress()) / Math.max(1e-12, 1 - warmup.share(moment.steps()));
            return peak * (risen < 1 ? risen : left);
        }
    }

    /**
     * A linear rise from 0 to the peak, then half cosines down to 0, each from the peak again (Loshchilov and Hutter 2017).
     *
     * @param peak the highest rate
     * @param cycles half cosines, 1 or more
     */
    record Cosine(double peak, Warmup warmup, int cycles) implements Schedule {
        public Cosine {
            Rates.check(peak);
            if (cycles < 1) {
                throw new InputException("'num_cycles' of cosine_with_restarts must be 1 or more, not " + cycles);
            }
        }

        /** One half cosine; the rise takes a share of the steps, 0 to 1. */
        public Cosine(double peak, double warmup) {
            this(peak, Warmup.ratio(warmup), 1);
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            double rest = moment.rest(warmup);
            if (risen < 1 || rest >= 1) {
                return risen < 1 ? peak * risen : 0;
            }
            return peak * 0.5 * (1 + Math.cos(Math.PI * (cycles * rest % 1)));
        }
    }

    /**
     * A linear rise from 0 to the peak, then a fall to the end by a power of what is left (Hugging Face's
     * {@code polynomial}).
     *
     * @param peak the highest rate
     * @param end the rate at the end, below the peak
     * @param power 1 falls as a line does
     */
    record Polynomial(double peak, Warmup warmup, double end, double power) implements Schedule {
        public Polynomial {
            Rates.check(peak);
            if (!(end < peak)) {
                throw new InputException(
                        "'lr_end' of polynomial must be below --learning-rate " + peak + ", not " + end);
            }
            if (!(power > 0 && Double.isFinite(power))) {
                throw new InputException("'power' of polynomial must be more than 0, not " + power);
            }
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            return risen < 1 ? peak * risen : (peak - end) * Math.pow(1 - moment.rest(warmup), power) + end;
        }
    }

    /**
     * A linear rise from 0 to the peak, then a fall as the inverse root of the steps (Vaswani et al. 2017, as Hugging
     * Face's {@code inverse_sqrt} has it).
     *
     * @param peak the highest rate
     * @param timescale steps after which the rate is the peak's half root; 0 for those of the rise, or 10,000 without one
     */
    record InverseSqrt(double peak, Warmup warmup, int timescale) implements Schedule {
        private static final double WITHOUT_WARMUP = 10_000;

        public InverseSqrt {
            Rates.check(peak);
            if (timescale < 0) {
                throw new InputException("'timescale' of inverse_sqrt must be 1 step or more, not " + timescale);
            }
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            double rise = warmup.share(moment.steps()) * moment.steps();
            double usual = rise == 0 ? WITHOUT_WARMUP : rise;
            double scale = timescale == 0 ? usual : timescale;
            double since = Math.max(0, moment.progress() * moment.steps() - rise);
            return peak * (risen < 1 ? risen : 1 / Math.sqrt((since + scale) / scale));
        }
    }

    /**
     * A rise along half a cosine from a 25th of the peak, then half a cosine down to nearly nothing (Smith and Topin 2019,
     * as PyTorch's {@code OneCycleLR} has it; the momentum stays).
     *
     * @param peak the highest rate
     * @param first what the peak is divided by at the start, more than 0
     * @param last what the rate of the start is divided by at the end, more than 0
     */
    record OneCycle(double peak, Warmup warmup, double first, double last) implements Schedule {
        public OneCycle {
            Rates.check(peak);
            if (!(first > 0 && last > 0)) {
                throw new InputException("'div_factor' and 'final_div_factor' of one_cycle must be more than 0, not "
                        + first + " and " + last);
            }
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            return risen < 1
                    ? between(peak / first, peak, risen)
                    : between(peak, peak / first / last, moment.rest(warmup));
        }

        private static double between(double from, double to, double share) {
            return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
        }
    }

    /**
     * A short linear rise, then a long linear fall, from and to a 32nd of the peak (Howard and Ruder 2018).
     *
     * @param peak the highest rate
     * @param warmup the rise; 0.1 of the steps is usual
     */
    record SlantedTriangular(double peak, Warmup warmup) implements Schedule {
        private static final double RATIO = 32;

        public SlantedTriangular {
            Rates.check(peak);
        }

        @Override
        public double at(Moment moment) {
            double risen = moment.risen(warmup);
            double share = risen < 1 ? risen : 1 - moment.rest(warmup);
            return peak * (1 + share * (RATIO - 1)) / RATIO;
        }
    }

    /**
     * A linear rise from 0 to the peak, which stays until the validation loss no longer falls; each time that happens the
     * rate falls by a factor (PyTorch's {@code ReduceLROnPlateau}), unless by less than
     * 1e-8.
     *
     * @param peak the highest rate
     * @param factor above 0 and below 1
     * @param patience epochs without a better loss that are borne, 0 or more
     * @param threshold the share of the best loss by which a better one is lower
     * @param least the lowest rate that the factor leads to
     */
    record Plateau(double peak, Warmup warmup, double factor, int patience, double threshold, double least)
            implements Schedule {
        private static final double LEAST_CHANGE = 1e-8;

        public Plateau {
            Rates.check(peak);
            if (!(factor > 0 && factor < 1) || patience < 0 || !(threshold >= 0 && threshold < 1)) {
                throw new InputException("reduce_lr_on_plateau needs a 'factor' above 0 and below 1, a 'patience' of 0"
                        + " or more and a 'threshold' from 0 to below 1, not " + factor + ", " + patience + " and "
                        + threshold);
            }
        }

        @Override
        public double at(Moment moment) {
            double rate = peak;
            double best = Double.POSITIVE_INFINITY;
            int bad = 0;
            for (double loss : moment.losses()) {
                boolean better = loss < best * (1 - threshold);
                best = better ? loss : best;
                bad = better ? 0 : bad + 1;
                if (bad > patience) {
                    double lower = Math.max(rate * factor, least);
                    rate = rate - lower > LEAST_CHANGE ? lower : rate;
                    bad = 0;
                }
            }
            return rate * moment.risen(warmup);
        }
    }

    /** What every schedule asks of its peak. */
    final class Rates {
        private Rates() {}

        private static void check(double rate) {
            if (!(rate > 0 && rate < 1)) {
                throw new InputException("--learning-rate must lie between 0 and 1, not " + rate
                        + "; 2e-5 to 1e-4 is usual for full fine-tuning");
            }
        }
    }
}
