package dev.graft.train;

import dev.graft.InputException;
import dev.graft.graph.Selector;

/**
 * A stretch of training in which one set of weights is trained under one schedule.
 *
 * @param name for people: shown in progress and reports
 * @param epochs passes over the training rows, 1 or more
 * @param trainable which weights are trained, as far as they can learn
 * @param schedule the learning rate over the phase's steps
 */
public record Phase(String name, int epochs, Selector trainable, Schedule schedule) {
    public Phase {
        if (epochs < 1) {
            throw new InputException("--epochs must be 1 or more, not " + epochs + " (phase '" + name + "')");
        }
    }
}
