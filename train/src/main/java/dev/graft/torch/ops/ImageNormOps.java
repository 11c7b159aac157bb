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

/** Normalisations of arrays of shape [batch, channels, axes…] that remember nothing. */
final class ImageNormOps {
    private static final double NOTHING = 1e-9;

    private ImageNormOps() {}

    static void register(OpTable ops) {
        ops.op("GroupNormalization", 18, in -> groupNormalization(in, true));
        ops.op("GroupNormalization", 21, in -> groupNormalization(in, false));
        ops.op("InstanceNormalization", 1, in -> normalized(in, channels(in), in.tensor(1), in.tensor(2)));
        ops.op("LRN", 1, ImageNormOps::localResponseNormalization);
        ops.op("MeanVarianceNormalization", 9, ImageNormOps::meanVarianceNormalization);
    }

    /** Before opset 21 scale and bias are one number a group. */
    private static Tensor groupNormalization(Call in, boolean oneForEachGroup) {
        long groups = in.whole("num_groups", 0);
        if (groups < 1 || channels(in) % groups != 0) {
            throw in.refuse("divides " + channels(in) + " channels into " + groups + " groups");
        }
        long each = oneForEachGroup ? channels(in) / groups : 1;
        return normalized(in, groups, repeated(in.tensor(1), each), repeated(in.tensor(2), each));
    }

    private static Tensor repeated(Tensor x, long times) {
        return times == 1 ? x : x.repeat_interleave(times, new LongOptional(0), new LongOptional());
    }

    private static Tensor normalized(Call in, long groups, Tensor scale, Tensor bias) {
        Tensor x = in.tensor(0);
        if (x.numel() == 0) {
            return x;
        }
        return torch.group_norm(
                x, groups, new TensorOptional(scale), new TensorOptional(bias), in.real("epsilon", 1e-5f), false);
    }

    private static long channels(Call in) {
        Tensor x = in.tensor(0);
        if (x.dim() < 2) {
            throw in.refuse("needs a batch and channels, not shape " + Arrays.toString(x.shape()));
        }
        return x.size(1);
    }

    /** Each element by the squares of its neighbours in other channels. Krizhevsky et al., 2012. */
    private static Tensor localResponseNormalization(Call in) {
        Tensor x = in.tensor(0);
        long channels = channels(in);
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
