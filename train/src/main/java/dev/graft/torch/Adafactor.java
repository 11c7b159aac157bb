package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.div;
import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;
import static org.bytedeco.pytorch.global.torch.mul;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** A step of Adafactor. */
record Adafactor(UpdateRule.Adafactor rule) implements Update {
    private static final String ROWS = "exp_avg_sq_row";
    private static final String COLUMNS = "exp_avg_sq_col";
    private static final String SQUARE = "exp_avg_sq";
    private static final String STEP = "step";
    private static final double LEAST_SQUARE = 1e-30;

    @Override
    public Map<String, Tensor> memory(Tensor weight) {
        if (weight.dim() < 2 || weight.numel() == 0) {
            return Map.of(STEP, Update.noSteps(), SQUARE, zeros_like(weight));
        }
        Tensor zeros = zeros_like(weight);
        return Map.of(STEP, Update.noSteps(), ROWS, mean(zeros, -1, false), COLUMNS, mean(zeros, -2, false));
    }

    @Override
    public void step(Group group, List<Moved> moved) {
        moved.forEach(each -> step(group, each));
    }

    private void step(Group group, Moved moved) {
        double steps = moved.memory(STEP).add_(new Scalar(1)).item_double();
        double forgotten = Math.pow(steps, rule.decayRate());
        Tensor squares = mul(moved.gradient(), moved.gradient()).add_(new Scalar(LEAST_SQUARE));
        Tensor update = mul(inverseRoot(moved, squares, forgotten), moved.gradient());
        double size = linalg_vector_norm(update).item_double() / Math.sqrt(Math.max(1, update.numel()));
        double factor = group.rate() / Math.max(1, size / rule.clipThreshold());
        moved.weight()
                .detach()
                .mul_(new Scalar(1 - group.decay() * group.rate()))
                .add_(update, new Scalar(-factor));
    }

    /** One divided by the root of the mean of squares, which rows and columns stand for where there are both. */
    private static Tensor inverseRoot(Moved moved, Tensor squares, double forgotten) {
        if (!moved.memory().containsKey(ROWS)) {
            return moved.memory(SQUARE).lerp_(squares, new Scalar(forgotten)).rsqrt();
        }
        Tensor rows = moved.memory(ROWS).lerp_(mean(squares, -1, false), new Scalar(forgotten));
        Tensor columns = moved.memory(COLUMNS).lerp_(mean(squares, -2, false), new Scalar(forgotten));
        Tensor share = div(rows, mean(rows, -1, true)).rsqrt();
        return mul(share.unsqueeze(-1), columns.rsqrt().unsqueeze(-2));
    }

    private static Tensor mean(Tensor tensor, long dimension, boolean kept) {
        return tensor.mean(new long[] {dimension}, kept, new ScalarTypeOptional());
    }
}
