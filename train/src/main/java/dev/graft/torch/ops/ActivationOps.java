package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activations. */
final class ActivationOps {
    private ActivationOps() {}

    static void register(OpTable ops) {
        ops.op("Relu", 1, in -> torch.relu(in.tensor(0)));
        ops.op("Sigmoid", 1, in -> torch.sigmoid(in.tensor(0)));
        ops.op("Tanh", 1, in -> torch.tanh(in.tensor(0)));
        ops.op("Gelu", 20, in -> torch.gelu(in.tensor(0), in.text("approximate", "none")));
        ops.op("LeakyRelu", 1, in -> torch.leaky_relu(in.tensor(0), new Scalar(in.real("alpha", 0.01f))));
        ops.op("PRelu", 1, ActivationOps::preluByChannel);
        ops.op("PRelu", 7, ActivationOps::prelu);
        ops.op("Elu", 1, in -> elu(in, in.real("alpha", 1), 1));
        ops.op("Selu", 1, in -> elu(in, in.real("alpha", 1.6732f), in.real("gamma", 1.0507f)));
        ops.op(
                "Selu",
                6,
                in -> elu(in, in.real("alpha", 1.67326319217681884765625), in.real("gamma", 1.0507010221481323)));
        ops.op("Celu", 12, in -> torch.celu(in.tensor(0), new Scalar(in.real("alpha", 1))));
        ops.op("ThresholdedRelu", 10, ActivationOps::thresholdedRelu);
        ops.op("HardSigmoid", 1, ActivationOps::hardSigmoid);
        ops.op("HardSwish", 14, in -> torch.hardswish(in.tensor(0)));
        ops.op("Mish", 18, in -> torch.mish(in.tensor(0)));
        ops.op("Swish", 24, ActivationOps::swish);
        ops.op("Softplus", 1, in -> torch.softplus(in.tensor(0)));
        ops.op("Softsign", 1, ActivationOps::softsign);
        ops.op("Softmax", 1, in -> overRest(in, x -> torch.softmax(x, -1)));
        ops.op("Softmax", 13, in -> torch.softmax(in.tensor(0), in.whole("axis", -1)));
        ops.op("LogSoftmax", 1, in -> overRest(in, x -> torch.log_softmax(x, -1)));
        ops.op("LogSoftmax", 13, in -> torch.log_softmax(in.tensor(0), in.whole("axis", -1)));
        ops.op("Hardmax", 1, in -> overRest(in, x -> hardmax(x, -1)));
        ops.op("Hardmax", 13, in -> hardmax(in.tensor(0), in.whole("axis", -1)));
        ops.withoutGradient("Hardmax");
    }

    private static Tensor prelu(Call in) {
        return prelu(in, in.tensor(0), in.tensor(1));
    }

    /** At first a slope a channel, the second dimension, wherever that stands. */
    private static Tensor preluByChannel(Call in) {
        Tensor x = in.tensor(0);
        Tensor slope = in.tensor(1);
        long[] shape = new long[Math.max(1, (int) x.dim() - 1)];
        Arrays.fill(shape, 1);
        shape[0] = slope.numel();
        return prelu(in, x, slope.reshape(shape));
    }

    private static Tensor prelu(Call in, Tensor x, Tensor slope) {
        return WholeNumbers.compute(
                in,
                x,
                slope,
                (each, factor) -> torch.where(torch.lt(each, new Scalar(0)), torch.mul(each, factor), each));
    }

    private static Tensor elu(Call in, double alpha, double scale) {
        return torch.elu(in.tensor(0), new Scalar(alpha), new Scalar(scale), new Scalar(1.0));
    }

    private static Tensor thresholdedRelu(Call in) {
        Tensor x = in.tensor(0);
        return torch.where(torch.gt(x, new Scalar(in.real("alpha", 1))), x, torch.zeros_like(x));
    }

    private static Tensor hardSigmoid(Call in) {
        Tensor line = torch.add(
                torch.mul(in.tensor(0), new Scalar(in.real("alpha", 0.2f))), new Scalar(in.real("beta", 0.5)));
        return torch.hardtanh(line, new Scalar(0.0), new Scalar(1.0));
    }

    private static Tensor swish(Call in) {
        Tensor x = in.tensor(0);
        return torch.mul(x, torch.sigmoid(torch.mul(x, new Scalar(in.real("alpha", 1)))));
    }

    private static Tensor softsign(Call in) {
        Tensor x = in.tensor(0);
        return torch.div(x, torch.add(torch.abs(x), new Scalar(1)));
    }

    /** Before opset 13 the axis splits the shape in two, and all that follows it is taken together. */
    private static Tensor overRest(Call in, UnaryOperator<Tensor> body) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, in.whole("axis", 1), x.dim());
        return axis == x.dim() - 1
                ? body.apply(x)
                : body.apply(x.flatten(axis, -1)).reshape(x.shape());
    }

    private static Tensor hardmax(Tensor x, long axis) {
        Tensor best = torch.argmax(x, new LongOptional(axis), true);
        return torch.zeros_like(x).scatter(axis, best, new Scalar(1));
    }
}
