package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Normalisations that remember nothing, of arrays of shape [batch, channels, axes…] where nothing else is said. */
final class ImageNormOps {
    private static final double NOTHING = 1e-9;

    private ImageNormOps() {}

    static void register(OpTable ops) {
        ops.op("GroupNormalization", 18, in -> groupNormalization(in, true));
        ops.op("GroupNormalization", 21, in -> groupNormalization(in, false));
        ops.op("com.microsoft", "GroupNorm", 1, ImageNormOps::groupNorm);
        ops.op("InstanceNormalization", 1, ImageNormOps::instanceNormalization);
        ops.op("LRN", 1, ImageNormOps::localResponseNormalization);
        ops.op("MeanVarianceNormalization", 9, ImageNormOps::meanVarianceNormalization);
    }

    /** Before opset 21 scale and bias are one number a group. */
    private static Tensor groupNormalization(Call in, boolean oneForEachGroup) {
        Tensor x = in.tensor(0);
        long groups = groups(in, x, "num_groups");
        long each = oneForEachGroup ? x.size(1) / groups : 1;
        return normalized(in, x, groups, repeated(in.tensor(1), each), repeated(in.tensor(2), each));
    }

    private static long groups(Call in, Tensor x, String attribute) {
        long channels = channels(in, x);
        long groups = in.whole(attribute, 0);
        if (groups < 1 || channels % groups != 0) {
            throw in.refuse("divides " + channels + " channels into " + groups + " groups");
        }
        return groups;
    }

    private static Tensor repeated(Tensor x, long times) {
        return times == 1 ? x : x.repeat_interleave(times, new LongOptional(0), new LongOptional());
    }

    /**
     * Channels are the last axis unless the node says otherwise; 1 as the activation is SiLU. Half precision has gamma and
     * beta in float32.
     *
     * <p>Source: ONNX Runtime, docs/ContribOperators.md.
     */
    private static Tensor groupNorm(Call in) {
        long activation = in.whole("activation", 0);
        if (activation != 0 && activation != 1) {
            throw in.refuse("has the activation " + activation + "; 0 is none, 1 is SiLU");
        }
        boolean channelsLast = in.flag("channels_last", true);
        Tensor given = in.tensor(0);
        Tensor x = channelsLast && given.dim() > 1 ? given.movedim(-1, 1) : given;
        Tensor gamma = Operands.as(in.tensor(1), Operands.type(x));
        Tensor beta = Operands.as(in.tensor(2), Operands.type(x));
        Tensor normal = normalized(in, x, groups(in, x, "groups"), gamma, beta);
        Tensor activated = activation == 1 ? torch.silu(normal) : normal;
        return channelsLast ? activated.movedim(1, -1) : activated;
    }

    private static Tensor instanceNormalization(Call in) {
        Tensor x = in.tensor(0);
        return normalized(in, x, channels(in, x), in.tensor(1), in.tensor(2));
    }

    private static Tensor normalized(Call in, Tensor x, long groups, Tensor scale, Tensor bias) {
        if (x.numel() == 0) {
            return x;
        }
        return torch.group_norm(
                x, groups, new TensorOptional(scale), new TensorOptional(bias), in.real("epsilon", 1e-5f), false);
    }

    private static long channels(Call in, Tensor x) {
        if (x.dim() < 2) {
            throw in.refuse("needs a batch and channels, not shape " + Arrays.toString(x.shape()));
        }
        return x.size(1);
    }

    /** Each element by the squares of its neighbours in other channels. Krizhevsky et al., 2012. */
    private static Tensor localResponseNormalization(Call in) {
        Tensor x = in.tensor(0);
        long channels = channels(in, x);
        long size = Sizes.atLeast(in, "size", 1, in.whole("size", 0))[0];
        long[] before = new long[(int) x.dim() - 1];
        long[] behind = before.clone();
        before[0] = Math.min(channels, (size - 1) / 2);
        behind[0] = Math.min(channels, size / 2);
        Tensor squares = Sizes.padded(in, torch.mul(x, x), before, behind, new Scalar(0));
        Tensor sums = torch.sum(
                squares.unfold(1, before[0] + 1 + behind[0], 1), new long[] {-1}, false, Operands.sameType(x));
        Tensor scaled = torch.mul(sums, new Scalar(in.real("alpha", 1e-4f) / size));
        Tensor divisor = torch.add(scaled, new Scalar(in.real("bias", 1)));
        return torch.div(x, torch.pow(divisor, new Scalar(in.real("beta", 0.75))));
    }

    private static Tensor meanVarianceNormalization(Call in) {
        Tensor x = in.tensor(0);
        long[] axes = Operands.axes(in, in.longs("axes", 0, 2, 3), x.dim());
        var sameType = new ScalarTypeOptional();
        Tensor centred = torch.sub(x, torch.mean(x, axes, true, sameType));
        Tensor variance = torch.mean(torch.mul(centred, centred), axes, true, sameType);
        return torch.div(centred, torch.add(torch.sqrt(variance), new Scalar(NOTHING)));
    }
}
