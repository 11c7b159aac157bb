package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A step of Lion. */
record Lion(UpdateRule.Lion rule) implements Update {
    private static final String MEAN = "exp_avg";

    @Override
    public Map<String, Tensor> memory(Tensor weight) {
        return Map.of(MEAN, zeros_like(weight));
    }

    @Override
    public void step(Group group, List<Moved> moved) {
        moved.forEach(each -> {
            Tensor weight = each.weight().detach();
            Tensor mean = each.memory(MEAN);
            Tensor direction =
                    mean.lerp(each.gradient(), new Scalar(1 - rule.beta1())).sign_();
            weight.mul_(new Scalar(1 - group.rate() * group.decay())).add_(direction, new Scalar(-group.rate()));
            mean.lerp_(each.gradient(), new Scalar(1 - rule.beta2()));
        });
    }
}
