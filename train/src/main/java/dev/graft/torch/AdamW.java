package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A step of AdamW over many weights at once. */
record AdamW(UpdateRule.AdamW rule) implements Update {
    private static final Dispatched FUSED = new Dispatched("aten::_fused_adamw_", "");
    static final String MEAN = "exp_avg";
    static final String SQUARE = "exp_avg_sq";
    static final String STEP = "step";

    @Override
    public Map<String, Tensor> memory(Tensor weight) {
        return Map.of(MEAN, zeros_like(weight), SQUARE, zeros_like(weight), STEP, Update.noSteps());
    }

    @Override
    public void step(Group group, List<Moved> moved) {
        moved.forEach(each -> each.memory(STEP).add_(new Scalar(1)));
        move(group, moved);
    }

    /** The step once it is counted. */
    void move(Group group, List<Moved> moved) {
        FUSED.call(
                list(moved, Moved::weight),
                list(moved, Moved::gradient),
                list(moved, each -> each.memory(MEAN)),
                list(moved, each -> each.memory(SQUARE)),
                Dispatched.list(List.of()),
                list(moved, each -> each.memory(STEP)),
                new IValue(group.rate()),
                new IValue(rule.beta1()),
                new IValue(rule.beta2()),
                new IValue(group.decay()),
                new IValue(rule.epsilon()),
                new IValue(false),
                new IValue(false),
                new IValue(),
                new IValue());
        moved.forEach(each -> countChange(each.weight()));
    }

    private static IValue list(List<Moved> moved, Function<Moved, Tensor> part) {
        return Dispatched.list(moved.stream().map(part).toList());
    }

    /** The fused operator, called by name, does not tell libtorch that it changes weights. */
    private static void countChange(Tensor weight) {
        weight.unsafeGetTensorImpl().bump_version();
    }
}
