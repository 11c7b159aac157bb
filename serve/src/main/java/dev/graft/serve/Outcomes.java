package dev.graft.serve;

import dev.graft.watch.Outcome;

/** How requests end, as figures, logs and alerts tell it. */
final class Outcomes {
    private Outcomes() {}

    static Outcome of(Problem.Type type) {
        return new Outcome(
                type.outcome(),
                type.status().code(),
                type.isOfService() ? Outcome.Blame.SERVICE : Outcome.Blame.CALLER);
    }
}
