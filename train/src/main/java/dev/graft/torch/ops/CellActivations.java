package dev.graft.torch.ops;

import dev.graft.torch.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The activations of a recurrent node's gates, in the order of its equations; their inputs are clipped where it says so. */
record CellActivations(List<String> names, List<UnaryOperator<Tensor>> functions, int ofDirection, boolean clipped) {

    /**
     * What the node names, or the given ones for each direction.
     *
     * @param gates how many of a direction's activations are a gate's and clipped; as in ONNX Runtime, that of an LSTM's
     *     cell is not
     */
    static CellActivations of(Call in, int directions, int gates, List<String> otherwise) {
        int wanted = directions * otherwise.size();
        List<String> given = in.texts("activations");
        var names = new ArrayList<String>();
        for (int i = 0; i < wanted; i++) {
            String name = given.isEmpty() ? otherwise.get(i % otherwise.size()) : i < given.size() ? given.get(i) : "";
            names.add(name.toLowerCase(Locale.ROOT));
        }
        double clip = in.real("clip", 0);
        var scales = new Scales(in, in.reals("activation_alpha"), in.reals("activation_beta"));
        var functions = new ArrayList<UnaryOperator<Tensor>>();
        for (String name : names) {
            boolean ofGate = functions.size() % otherwise.size() < gates;
            UnaryOperator<Tensor> activation = scales.activation(name);
            functions.add(clip > 0 && ofGate ? clipped(activation, clip) : activation);
        }
        return new CellActivations(List.copyOf(names), functions, otherwise.size(), clip > 0);
    }

    private static UnaryOperator<Tensor> clipped(UnaryOperator<Tensor> activation, double clip) {
        return x -> activation.apply(
                torch.clamp(x, new ScalarOptional(new Scalar(-clip)), new ScalarOptional(new Scalar(clip))));
    }

    /** The activations of one direction. */
    List<UnaryOperator<Tensor>> of(int direction) {
        return functions.subList(direction * ofDirection, (direction + 1) * ofDirection);
    }

    /** Whether these are the given ones in every direction, unclipped: what libtorch's own kernels compute. */
    boolean are(String... standard) {
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).equals(standard[i % standard.length])) {
                return false;
            }
        }
        return !clipped;
    }

    /** The numbers that some activations take, used up in the order of the activations that take them. */
    private static final class Scales {
        private final Call in;
        private final double[] alphas;
        private final double[] betas;
        private int alpha;
        private int beta;

        Scales(Call in, double[] alphas, double[] betas) {
            this.in = in;
            this.alphas = alphas;
            this.betas = betas;
        }

        private Scalar alpha(double otherwise) {
            return new Scalar(alpha < alphas.length ? alphas[alpha++] : otherwise);
        }

        private Scalar beta(double otherwise) {
            return new Scalar(beta < betas.length ? betas[beta++] : otherwise);
        }

        UnaryOperator<Tensor> activation(String name) {
            return switch (name) {
                case "relu" -> torch::relu;
                case "tanh" -> torch::tanh;
                case "sigmoid" -> torch::sigmoid;
                case "affine" -> line(alpha(1), beta(0));
                case "leakyrelu" -> with(alpha(0.01f), torch::leaky_relu);
                case "thresholdedrelu" -> with(alpha(1), (x, bound) -> torch.threshold(x, bound, new Scalar(0.0)));
                case "scaledtanh" -> scaledTanh(alpha(1), beta(1));
                case "hardsigmoid" -> hardSigmoid(line(alpha(0.2f), beta(0.5)));
                case "elu" -> with(alpha(1), (x, scale) -> torch.elu(x, scale, new Scalar(1.0), new Scalar(1.0)));
                case "softsign" -> x -> torch.div(x, torch.add(torch.abs(x), new Scalar(1)));
                case "softplus" -> torch::softplus;
                default -> throw in.refuse("has too few activations, or the unknown one '" + name + "'");
            };
        }

        private interface Scaled {
            Tensor apply(Tensor x, Scalar scale);
        }

        private static UnaryOperator<Tensor> with(Scalar scale, Scaled activation) {
            return x -> activation.apply(x, scale);
        }

        private static UnaryOperator<Tensor> line(Scalar slope, Scalar offset) {
            return x -> torch.add(torch.mul(x, slope), offset);
        }

        private static UnaryOperator<Tensor> scaledTanh(Scalar outside, Scalar inside) {
            return x -> torch.mul(torch.tanh(torch.mul(x, inside)), outside);
        }

        private static UnaryOperator<Tensor> hardSigmoid(UnaryOperator<Tensor> line) {
            return x -> torch.hardtanh(line.apply(x), new Scalar(0.0), new Scalar(1.0));
        }
    }
}
