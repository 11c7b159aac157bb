package dev.graft.torch;

import java.util.Set;

/**
 * How weights follow their gradients.
 *
 * @param rule that moves each weight
 * @param weightDecay the share of a weight that decays in a step of rate 1, 0 or more
 * @param undecayed names of weights that do not decay: biases and normalisation weights, by custom
 */
public record Optimizer(UpdateRule rule, double weightDecay, Set<String> undecayed) {
    public Optimizer {
        undecayed = Set.copyOf(undecayed);
    }

    /** AdamW with PyTorch's and Hugging Face's defaults. */
    public static Optimizer adamW(double weightDecay, Set<String> undecayed) {
        return new Optimizer(new UpdateRule.AdamW(0.9, 0.999, 1e-8), weightDecay, undecayed);
    }

    double decayOf(String weight) {
        return undecayed.contains(weight) ? 0 : weightDecay;
    }
}
