package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.add;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A step of stochastic gradient descent. */
record Sgd(UpdateRule.Sgd rule) implements Update {
    private static final String MOMENTUM = "momentum_buffer";

    @Override
    public Map<String, Tensor> memory(Tensor weight) {
        return rule.momentum() == 0 ? Map.of() : Map.of(MOMENTUM, zeros_like(weight));
    }

    @Override
    public void step(Group group, List<Moved> moved) {
        moved.forEach(each -> {
            Tensor weight = each.weight().detach();
            weight.add_(direction(each, add(each.gradient(), weight, new Scalar(group.decay()))), minus(group.rate()));
        });
    }

    private Tensor direction(Moved moved, Tensor gradient) {
        if (rule.momentum() == 0) {
            return gradient;
        }
        Tensor movement =
                moved.memory(MOMENTUM).mul_(new Scalar(rule.momentum())).add_(gradient);
        return rule.nesterov() ? add(gradient, movement, new Scalar(rule.momentum())) : movement;
    }

    private static Scalar minus(double rate) {
        return new Scalar(-rate);
    }
}
