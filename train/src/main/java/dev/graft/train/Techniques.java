package dev.graft.train;

/**
 * What every strategy may be combined with.
 *
 * @param optimizer that moves the weights, as {@link Optimizers} knows it
 */
public record Techniques(Choice optimizer) {
    /** What is taken where nothing is asked for. */
    public static final Techniques DEFAULT = new Techniques(Choice.of("adamw_torch"));

    public Techniques {
        Optimizers.of(optimizer);
    }

    /** These with another optimizer. */
    public Techniques withOptimizer(Choice other) {
        return new Techniques(other);
    }
}
