package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How the weights that are kept are made of those that training passes through; it costs nothing when serving. */
public sealed interface WeightAveraging {
    /** The share by which the average moves towards the weights after a step; 0 where it stays. */
    default double afterStep(long steps) {
        return 0;
    }

    /**
     * The share by which the average moves towards the weights at the end of an epoch; 0 where it stays.
     *
     * @param epoch the number of the epoch, from 1
     * @param epochs of the policy in all
     */
    default double afterEpoch(int epoch, int epochs) {
        return 0;
    }

    /** How far, from the weights before training (0) to the best ones (1), those that are kept may lie; rising. */
    default List<Double> interpolations() {
        return List.of();
    }

    /** The weights as the best epoch leaves them. */
    record None() implements WeightAveraging {}

    /**
     * The mean of the weights at the ends of the last epochs (Izmailov et al. 2018).
     *
     * @param start the share of the epochs after which the mean begins, 0 to below 1
     */
    record Swa(double start) implements WeightAveraging {
        public Swa {
            if (!(start >= 0 && start < 1)) {
                throw new InputException("The mean of weights must begin after a share of the epochs from 0 to below 1,"
                        + " not " + start);
            }
        }

        @Override
        public double afterEpoch(int epoch, int epochs) {
            int before = (int) (start * epochs);
            return epoch > before ? 1.0 / (epoch - before) : 0;
        }
    }

    /**
     * An exponential moving average over all steps (Polyak and Juditsky 1992), which in its first steps forgets faster,
     * as it does in TensorFlow: the decay is at most (1 + steps) / (10 + steps).
     *
     * @param decay from 0 to below 1
     */
    record Ema(double decay) implements WeightAveraging {
        public Ema {
            if (!(decay >= 0 && decay < 1)) {
                throw new InputException("The decay of a moving average must be from 0 to below 1, not " + decay);
            }
        }

        @Override
        public double afterStep(long steps) {
            return 1 - Math.min(decay, (1.0 + steps) / (10 + steps));
        }
    }

    /**
     * A point on the line from the weights before training to the best ones, chosen by validation (Wortsman et al. 2022).
     *
     * @param interpolations the points to choose among, rising, each from 0 to 1
     */
    record WiseFt(List<Double> interpolations) implements WeightAveraging {
        public WiseFt {
            interpolations = List.copyOf(interpolations);
            if (interpolations.isEmpty() || interpolations.stream().anyMatch(point -> !(point >= 0 && point <= 1))) {
                throw new InputException("Interpolations of weights must lie from 0 to 1, not " + interpolations);
            }
        }
    }

    /** The weights of the best epoch, as they are. */
    static WeightAveraging none() {
        return new None();
    }

    /** The averaging of a name, as the command line spells it, with its usual numbers. */
    static WeightAveraging named(String name) {
        Map<String, WeightAveraging> known = Known.BY_NAME;
        if (!known.containsKey(name)) {
            throw new InputException("--weight-averaging must be one of " + String.join(", ", known.keySet())
                    + ", not '" + name + "'" + Suggestion.text(name, List.copyOf(known.keySet())));
        }
        return Objects.requireNonNull(known.get(name));
    }

    /** The name as the command line spells it. */
    default String spelled() {
        return Known.BY_NAME.entrySet().stream()
                .filter(entry -> entry.getValue().getClass() == getClass())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** The usual numbers of each. */
    final class Known {
        private static final Map<String, WeightAveraging> BY_NAME = new LinkedHashMap<>();

        static {
            BY_NAME.put("none", new None());
            BY_NAME.put("swa", new Swa(0.5));
            BY_NAME.put("ema", new Ema(0.999));
            BY_NAME.put("wise-ft", new WiseFt(List.of(0.0, 0.25, 0.5, 0.75, 1.0)));
        }

        private Known() {}
    }
}
