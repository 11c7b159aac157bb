package dev.graft.train;

import dev.graft.eval.Metric;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What training did.
 *
 * @param epochs in order
 * @param bestEpoch number of the epoch whose weights were kept, from 1; 0 before the first epoch has ended
 * @param steps optimizer steps in all
 * @param stoppedEarly whether training ended before its last epoch because the validation score no longer rose
 */
public record History(List<Epoch> epochs, int bestEpoch, long steps, boolean stoppedEarly) {
    /** A run that has not begun. */
    public static final History NONE = new History(List.of(), 0, 0, false);

    public History {
        epochs = List.copyOf(epochs);
    }

    /** The epoch whose weights were kept. */
    public Optional<Epoch> best() {
        return epochs.stream().filter(epoch -> epoch.number() == bestEpoch).findFirst();
    }

    /** The validation losses of the last epochs. */
    List<Double> losses(int last) {
        return epochs.subList(epochs.size() - last, epochs.size()).stream()
                .map(Epoch::validationLoss)
                .toList();
    }

    /** This history behind an earlier one, whose epochs are counted too. */
    History after(History earlier) {
        int before = earlier.epochs().size();
        Stream<Epoch> later = epochs.stream()
                .map(epoch -> new Epoch(
                        epoch.number() + before,
                        epoch.phase(),
                        epoch.trainLoss(),
                        epoch.validationLoss(),
                        epoch.metric(),
                        epoch.validationMetric(),
                        epoch.rate(),
                        epoch.seconds()));
        return new History(
                Stream.concat(earlier.epochs().stream(), later).toList(),
                bestEpoch + before,
                steps + earlier.steps(),
                stoppedEarly);
    }

    /**
     * One pass over the training rows.
     *
     * @param number from 1, over all phases
     * @param trainLoss mean loss of the pass, in nats
     * @param validationLoss mean log loss on the validation rows, in nats; not a number where there are none
     * @param metric of the validation rows by which epochs are told apart, as {@code scores.json} names it
     * @param validationMetric its value; not a number where there are no validation rows
     * @param rate the learning rate at the end of the pass
     * @param seconds of training, validation left out
     */
    public record Epoch(
            int number,
            String phase,
            double trainLoss,
            double validationLoss,
            String metric,
            double validationMetric,
            double rate,
            double seconds) {
        /**
         * Whether this epoch's weights are to be kept rather than an earlier one's, by a metric; always where no rows are
         * held out.
         */
        boolean betterThan(Epoch other, BestMetric metric) {
            return !validated() || metric.prefers(score(), other.score());
        }

        /** Whether rows that are held out have scored this epoch. */
        public boolean validated() {
            return !Double.isNaN(validationLoss) || !Double.isNaN(validationMetric);
        }

        private Validation.Result score() {
            return new Validation.Result(Metric.named(metric), validationMetric, validationLoss);
        }
    }
}
