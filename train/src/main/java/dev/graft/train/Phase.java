package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Selector;
import java.util.List;

/**
 * A stretch of training in which one set of weights is trained under one schedule.
 *
 * @param name for people: shown in progress and reports
 * @param epochs passes over the training rows, 1 or more
 * @param trainable which weights are trained, as far as they can learn
 * @param schedule the learning rate over the phase's steps
 * @param factors of the learning rate by depth, embeddings first, head last, each more than 0; empty for 1 throughout
 * @param patience epochs without a better validation score after which the next phase begins; 0 never does
 * @param objective what is made small; the patience and the choice of the epoch go by validation all the same
 */
public record Phase(
        String name,
        int epochs,
        Selector trainable,
        Schedule schedule,
        List<Double> factors,
        int patience,
        Objective objective) {
    private static final int SAMPLES = 100;

    public Phase {
        factors = List.copyOf(factors);
        if (epochs < 1) {
            throw new InputException("--epochs must be 1 or more, not " + epochs + " (phase '" + name + "')");
        }
        if (factors.stream().anyMatch(factor -> !(factor > 0 && Double.isFinite(factor)))) {
            throw new InputException(
                    "The factors of the learning rate must be more than 0, not " + factors + " (phase '" + name + "')");
        }
        for (int i = 0; i <= SAMPLES; i++) {
            double rate = schedule.at(new Schedule.Moment((double) i / SAMPLES, SAMPLES, List.of()));
            if (!(rate >= 0 && Double.isFinite(rate))) {
                throw new InputException("The learning rate of phase '" + name + "' would be " + rate + " after " + i
                        + " % of its steps; it must be 0 or more throughout");
            }
        }
    }

    /** A phase that trains all depths at one rate. */
    public Phase(String name, int epochs, Selector trainable, Schedule schedule) {
        this(name, epochs, trainable, schedule, List.of(), 0);
    }

    /** A phase that learns the rows' classes. */
    public Phase(String name, int epochs, Selector trainable, Schedule schedule, List<Double> factors, int patience) {
        this(name, epochs, trainable, schedule, factors, patience, Objective.classes());
    }

    /** This phase with the rows' classes replaced by what their answers are. */
    Phase toward(Objective answers) {
        return objective.equals(Objective.classes())
                ? new Phase(name, epochs, trainable, schedule, factors, patience, answers)
                : this;
    }

    /** The factor of the learning rate at a depth. */
    double factor(int depth) {
        return factors.isEmpty() ? 1 : factors.get(Math.min(depth, factors.size() - 1));
    }
}
