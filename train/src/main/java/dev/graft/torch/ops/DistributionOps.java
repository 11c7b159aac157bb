package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Numbers drawn from a distribution: a function of the run's seed and the node's turn, training or not.
 *
 * <p>A seed that a node names is left aside, or a graph in training would draw the same in every step.
 */
final class DistributionOps {
    private DistributionOps() {}

    static void register(OpTable ops) {
        family(ops, "RandomUniform", DistributionOps::uniform);
        family(ops, "RandomNormal", DistributionOps::normal);
        ops.op("Bernoulli", 15, DistributionOps::bernoulli);
        ops.op("Multinomial", 7, DistributionOps::multinomial);
        ops.withoutGradient(
                "RandomUniform", "RandomUniformLike", "RandomNormal", "RandomNormalLike", "Bernoulli", "Multinomial");
    }

    /** An operator that is told a shape, and one that takes that of its operand. */
    private static void family(OpTable ops, String name, BiFunction<Call, long[], Tensor> draw) {
        ops.op(name, 1, in -> Operands.as(draw(in, in.longs("shape"), draw), told(in, ScalarType.Float)));
        ops.op(
                name + "Like",
                1,
                in -> Operands.as(draw(in, in.tensor(0).shape(), draw), told(in, Operands.type(in.tensor(0)))));
    }

    private static Tensor draw(Call in, long[] shape, BiFunction<Call, long[], Tensor> draw) {
        Operands.requireRoom(in, 4L * Float.BYTES, shape);
        return draw.apply(in, shape);
    }

    /** The type that the node names, or another. */
    private static ScalarType told(Call in, ScalarType otherwise) {
        return in.node().attributes().containsKey("dtype")
                ? Operands.type(in, in.whole("dtype", ElementType.FLOAT.code()))
                : otherwise;
    }

    private static Tensor uniform(Call in, long[] shape) {
        double low = in.real("low", 0);
        Tensor stretched = torch.mul(in.uniform(shape), new Scalar(in.real("high", 1) - low));
        return torch.add(stretched, new Scalar(low));
    }

    /** By the transform of Box and Muller, "A note on the generation of random normal deviates", 1958. */
    private static Tensor normal(Call in, long[] shape) {
        Tensor aboveZero = torch.rsub(in.uniform(shape), new Scalar(1));
        Tensor radius = torch.sqrt(torch.mul(torch.log(aboveZero), new Scalar(-2)));
        Tensor angle = torch.mul(in.uniform(shape), new Scalar(2 * Math.PI));
        Tensor standard = torch.mul(radius, torch.cos(angle));
        return torch.add(torch.mul(standard, new Scalar(in.real("scale", 1))), new Scalar(in.real("mean", 0)));
    }

    private static Tensor bernoulli(Call in) {
        Tensor chance = in.tensor(0);
        return torch.lt(in.uniform(chance.shape()), chance.detach()).to(told(in, Operands.type(chance)));
    }

    /** Classes by their unnormalised log-probabilities, [batch, classes]: where a uniform number falls among the shares. */
    private static Tensor multinomial(Call in) {
        Tensor logits = Operands.ofRank(in, 0, 2).detach();
        long samples = in.whole("sample_size", 1);
        long classes = logits.size(1);
        if (samples < 1 || classes < 1) {
            throw in.refuse("draws " + samples + " samples of " + classes + " classes");
        }
        Operands.requireRoom(in, 2L * Long.BYTES, logits.size(0), samples);
        Tensor shares = torch.cumsum(torch.softmax(logits.to(ScalarType.Double), -1), -1);
        Tensor numbers = in.uniform(logits.size(0), samples).to(ScalarType.Double);
        Tensor fallen =
                torch.searchsorted(shares, numbers, false, true, new StringViewOptional(), new TensorOptional());
        Tensor known = torch.clamp(fallen, new ScalarOptional(), new ScalarOptional(new Scalar(classes - 1)));
        return known.to(told(in, ScalarType.Int));
    }
}
