package dev.graft.train;

import dev.graft.InputException;
import dev.graft.torch.UpdateRule;
import java.util.List;

/** Optimizers by the names that transformers has for them, with the arguments of PyTorch. */
public final class Optimizers {
    private static final String[] BETAS = {"beta1", "beta2", "epsilon"};

    private static final Choices<Maker> KNOWN = new Choices<Maker>("--optim", "--optim-args")
            .with("adamw_torch", Optimizers::adamW, BETAS)
            .with("adamw_torch_fused", Optimizers::adamW, BETAS)
            .with("adamw", Optimizers::adamW, BETAS)
            .with("adamw_bf16", given -> new UpdateRule.NarrowAdamW(adamW(given)), BETAS)
            .with(
                    "sgd",
                    given -> new UpdateRule.Sgd(given.number("momentum", 0.9), given.flag("nesterov", false)),
                    "momentum",
                    "nesterov")
            .with(
                    "adafactor",
                    given -> new UpdateRule.Adafactor(
                            given.number("decay_rate", -0.8), given.number("clip_threshold", 1)),
                    "decay_rate",
                    "clip_threshold")
            .with("lion", Optimizers::lion, "beta1", "beta2")
            .with("lion_32bit", Optimizers::lion, "beta1", "beta2");

    private Optimizers() {}

    /** Makes an update rule. */
    private interface Maker {
        UpdateRule rule(Choice given);
    }

    private static UpdateRule.AdamW adamW(Choice given) {
        return new UpdateRule.AdamW(
                given.number("beta1", 0.9), given.number("beta2", 0.999), given.number("epsilon", 1e-8));
    }

    private static UpdateRule lion(Choice given) {
        return new UpdateRule.Lion(given.number("beta1", 0.9), given.number("beta2", 0.99));
    }

    /** All names as the command line spells them. */
    public static List<String> names() {
        return KNOWN.names();
    }

    /**
     * The rule by which weights are moved.
     *
     * @throws InputException if name or arguments are wrong
     */
    public static UpdateRule of(Choice choice) {
        try {
            return KNOWN.of(choice).rule(choice);
        } catch (IllegalArgumentException e) {
            throw new InputException("--optim-args of " + choice.name() + ": " + e.getMessage(), e);
        }
    }
}
