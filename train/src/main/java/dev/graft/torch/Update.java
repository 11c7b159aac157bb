package dev.graft.torch;

import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;

/** The computation of an update rule. */
interface Update {
    /** What is remembered of a weight before its first step, by name; empty where nothing is. */
    Map<String, Tensor> memory(Tensor weight);

    /** Moves weights of one group; their gradients are left as they are. */
    void step(Group group, List<Moved> moved);

    /** A weight with what moves it. */
    record Moved(Tensor weight, Tensor gradient, Map<String, Tensor> memory) {
        Tensor memory(String name) {
            return Objects.requireNonNull(memory.get(name), name);
        }
    }

    /** Weights that move at one rate and decay by one share. */
    record Group(double rate, double decay) {}

    static Update of(UpdateRule rule) {
        if (rule instanceof UpdateRule.AdamW adamW) {
            return new AdamW(adamW);
        } else if (rule instanceof UpdateRule.NarrowAdamW narrow) {
            return new NarrowAdamW(new AdamW(narrow.exact()));
        } else if (rule instanceof UpdateRule.Sgd sgd) {
            return new Sgd(sgd);
        } else if (rule instanceof UpdateRule.Adafactor adafactor) {
            return new Adafactor(adafactor);
        } else if (rule instanceof UpdateRule.Lion lion) {
            return new Lion(lion);
        }
        throw new IllegalArgumentException("Unknown update rule " + rule);
    }

    /** The number of steps so far, as a float scalar. */
    static Tensor noSteps() {
        return Tensors.of(Array.scalar(0f));
    }
}
