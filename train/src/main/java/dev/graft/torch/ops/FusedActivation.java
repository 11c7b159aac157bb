package dev.graft.torch.ops;

import dev.graft.torch.Call;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The activation that ONNX Runtime's optimiser writes into the attributes of the node before it. */
final class FusedActivation {
    private FusedActivation() {}

    /**
     * The activation that an attribute names, applied.
     *
     * @param parameters in the order that the activation has its own: alpha and beta, or the least and the greatest
     */
    static Tensor of(Call in, Tensor x, double... parameters) {
        String name = in.text("activation", "");
        return switch (name) {
            case "" -> x;
            case "Relu" -> torch.relu(x);
            case "Tanh" -> torch.tanh(x);
            case "Sigmoid" -> torch.sigmoid(x);
            case "Softplus" -> torch.softplus(x);
            case "Softsign" -> torch.div(x, torch.add(torch.abs(x), new Scalar(1)));
            case "LeakyRelu" -> torch.leaky_relu(x, new Scalar(at(parameters, 0, 0.01f)));
            case "Elu" -> torch.elu(x, new Scalar(at(parameters, 0, 1)), new Scalar(1.0), new Scalar(1.0));
            case "HardSigmoid" -> Casts.clamped(line(x, at(parameters, 0, 0.2f), at(parameters, 1, 0.5)), 0, 1);
            case "HardSwish" -> torch.hardswish(x);
            case "Clip" -> Casts.clamped(x, at(parameters, 0, -Float.MAX_VALUE), at(parameters, 1, Float.MAX_VALUE));
            default -> throw in.refuse("has the unknown activation '" + name + "'");
        };
    }

    private static Tensor line(Tensor x, double slope, double offset) {
        return torch.add(torch.mul(x, new Scalar(slope)), new Scalar(offset));
    }

    private static double at(double[] parameters, int index, double otherwise) {
        return index < parameters.length ? parameters[index] : otherwise;
    }
}
