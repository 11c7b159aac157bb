package dev.graft.torch.ops;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Recurrent layers by libtorch's own kernels, which want their gates in another order. */
final class FusedRecurrence {
    private static final int[] AS_IT_IS = {0};
    private static final int[] RESET_UPDATE_NEW = {1, 0, 2};
    private static final int[] INPUT_FORGET_CELL_OUTPUT = {0, 2, 3, 1};

    private FusedRecurrence() {}

    /** Whether the kernels take these operands; activations are another matter. */
    static boolean fits(Recurrent recurrent) {
        ScalarType type = Operands.type(recurrent.x());
        return (type == ScalarType.Float || type == ScalarType.Double)
                && recurrent.lengths().isEmpty()
                && recurrent.steps() > 0
                && recurrent.batch() > 0
                && recurrent.hidden() > 0;
    }

    static List<Tensor> rnn(Recurrent recurrent, boolean rectified) {
        Tensor x = inOrder(recurrent, recurrent.x());
        Tensor h = recurrent.initial(5).contiguous();
        TensorVector weights = weights(recurrent, AS_IT_IS);
        boolean biased = recurrent.b().isPresent();
        boolean training = recurrent.in().training();
        boolean both = recurrent.directions() == 2;
        return results(
                recurrent,
                rectified
                        ? torch.rnn_relu(x, h, weights, biased, 1, 0, training, both, false)
                        : torch.rnn_tanh(x, h, weights, biased, 1, 0, training, both, false));
    }

    static List<Tensor> gru(Recurrent recurrent) {
        return results(
                recurrent,
                torch.gru(
                        inOrder(recurrent, recurrent.x()),
                        recurrent.initial(5).contiguous(),
                        weights(recurrent, RESET_UPDATE_NEW),
                        recurrent.b().isPresent(),
                        1,
                        0,
                        recurrent.in().training(),
                        recurrent.directions() == 2,
                        false));
    }

    static List<Tensor> lstm(Recurrent recurrent) {
        var made = torch.lstm(
                inOrder(recurrent, recurrent.x()),
                Operands.list(
                        recurrent.initial(5).contiguous(), recurrent.initial(6).contiguous()),
                weights(recurrent, INPUT_FORGET_CELL_OUTPUT),
                recurrent.b().isPresent(),
                1,
                0,
                recurrent.in().training(),
                recurrent.directions() == 2,
                false);
        return List.of(sequence(recurrent, made.get0()), recurrent.state(made.get1()), recurrent.state(made.get2()));
    }

    private static List<Tensor> results(Recurrent recurrent, T_TensorTensor_T made) {
        return List.of(sequence(recurrent, made.get0()), recurrent.state(made.get1()));
    }

    /** The kernels go forwards, or both ways. */
    private static Tensor inOrder(Recurrent recurrent, Tensor x) {
        return recurrent.backwards() ? x.flip(0) : x;
    }

    private static Tensor sequence(Recurrent recurrent, Tensor y) {
        Tensor ofDirections = inOrder(recurrent, y)
                .reshape(recurrent.steps(), recurrent.batch(), recurrent.directions(), recurrent.hidden());
        return recurrent.sequence(ofDirections.transpose(1, 2));
    }

    /** For each direction the weights of inputs and of hidden states, then their biases. */
    private static TensorVector weights(Recurrent recurrent, int[] order) {
        var weights = new ArrayList<Tensor>();
        for (int direction = 0; direction < recurrent.directions(); direction++) {
            int now = direction;
            weights.add(ordered(recurrent.w().select(0, direction), order));
            weights.add(ordered(recurrent.r().select(0, direction), order));
            recurrent.b().ifPresent(b -> {
                for (Tensor bias : torch.chunk(b.select(0, now), 2, 0).get()) {
                    weights.add(ordered(bias, order));
                }
            });
        }
        return new TensorVector(weights.toArray(new Tensor[0]));
    }

    private static Tensor ordered(Tensor weight, int[] order) {
        if (order.length == 1) {
            return weight;
        }
        Tensor[] gates = torch.chunk(weight, order.length, 0).get();
        Tensor[] ordered = new Tensor[order.length];
        for (int i = 0; i < order.length; i++) {
            ordered[i] = gates[order[i]];
        }
        return torch.cat(Operands.list(ordered), 0);
    }
}
