package dev.graft.torch;

import java.util.Set;

/**
 * AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019), as PyTorch computes it.
 *
 * @param beta1 the share of the running mean of gradients that is kept, below 1
 * @param beta2 the same for the running mean of squares
 * @param epsilon keeps the quotient finite
 * @param weightDecay the share of a weight that decays in a step of rate 1, 0 or more
 * @param undecayed names of weights that do not decay: biases and normalisation weights, by custom
 */
public record Optimizer(double beta1, double beta2, double epsilon, double weightDecay, Set<String> undecayed) {
    public Optimizer {
        undecayed = Set.copyOf(undecayed);
    }

    /** PyTorch's and Hugging Face's defaults. */
    public static Optimizer adamW(double weightDecay, Set<String> undecayed) {
        return new Optimizer(0.9, 0.999, 1e-8, weightDecay, undecayed);
    }

    double decayOf(String weight) {
        return undecayed.contains(weight) ? 0 : weightDecay;
    }
}
