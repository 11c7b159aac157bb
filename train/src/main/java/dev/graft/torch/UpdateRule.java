package dev.graft.torch;

/** How a gradient moves a weight. */
public sealed interface UpdateRule {
    /** Whether each number of a weight moves by itself, whatever the others are. */
    default boolean byNumber() {
        return true;
    }

    /**
     * AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019), as PyTorch computes it.
     *
     * @param beta1 the share of the running mean of gradients that is kept, 0 to below 1
     * @param beta2 the same for the running mean of squares
     * @param epsilon keeps the quotient finite, more than 0
     */
    record AdamW(double beta1, double beta2, double epsilon) implements UpdateRule {
        public AdamW {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            requirePositive("epsilon", epsilon);
        }
    }

    /**
     * AdamW that remembers of float32 weights in bfloat16, half as much. The mean of squares changes by less a step than
     * bfloat16 tells apart, so it is rounded up or down in turns, by which its errors cancel out (stochastic rounding,
     * Gupta et al. 2015, with a sequence in place of chance).
     *
     * @param exact what is computed, from what is remembered
     */
    record NarrowAdamW(AdamW exact) implements UpdateRule {}

    /**
     * Stochastic gradient descent, as PyTorch computes it; weight decay is added to the gradient.
     *
     * @param momentum the share of the movement before that goes on, 0 to below 1
     * @param nesterov whether the gradient is taken where the movement leads (Sutskever et al. 2013)
     */
    record Sgd(double momentum, boolean nesterov) implements UpdateRule {
        public Sgd {
            requireShare("momentum", momentum);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("nesterov needs a momentum above 0");
            }
        }
    }

    /**
     * Adafactor (Shazeer and Stern 2018) at a given rate, as transformers computes it: squares are remembered by rows and
     * columns, so memory is next to nothing.
     *
     * @param decayRate the power of the step by which the past is forgotten, below 0
     * @param clipThreshold the largest root mean square of an update, more than 0
     */
    record Adafactor(double decayRate, double clipThreshold) implements UpdateRule {
        public Adafactor {
            if (!(decayRate < 0)) {
                throw new IllegalArgumentException("decay_rate must be below 0, not " + decayRate);
            }
            requirePositive("clip_threshold", clipThreshold);
        }

        @Override
        public boolean byNumber() {
            return false;
        }
    }

    /**
     * Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): each weight moves by the rate, in the
     * direction of an average; a tenth to a third of AdamW's rate is usual.
     *
     * @param beta1 the share of the average in the direction, 0 to below 1
     * @param beta2 the share of the average that is kept
     */
    record Lion(double beta1, double beta2) implements UpdateRule {
        public Lion {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to below 1, not " + value);
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be more than 0, not " + value);
        }
    }
}
