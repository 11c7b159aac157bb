package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Recurrent layers, step by step; {@link FusedRecurrence} computes the standard ones at once. */
final class RecurrentOps {
    private RecurrentOps() {}

    static void register(OpTable ops) {
        ops.multi("RNN", 1, in -> rnn(in, true));
        ops.multi("GRU", 1, in -> gru(in, true));
        ops.multi("LSTM", 1, in -> lstm(in, true));
        ops.op("ReverseSequence", 10, RecurrentOps::reverseSequence);
    }

    /** The next state from this one and the inputs' part of all gates; the hidden state comes first. */
    private interface Cell {
        List<Tensor> next(Tensor inputs, List<Tensor> state);
    }

    /** The weights of one direction that meet the hidden state: [hidden, gates · hidden] and a bias. */
    private record Recurrence(Tensor weight, Tensor bias) {
        Tensor of(Tensor h) {
            return torch.addmm(bias, h, weight);
        }

        /** The part of some gates. */
        Recurrence narrow(long from, long size) {
            return new Recurrence(weight.narrow(1, from, size), bias.narrow(0, from, size));
        }
    }

    private interface Cells {
        Cell of(Recurrence recurrence, List<UnaryOperator<Tensor>> activations, int direction);
    }

    /** @param fused whether libtorch's own kernel may be used */
    static List<Tensor> rnn(Call in, boolean fused) {
        var recurrent = Recurrent.of(in, 1);
        var activations = CellActivations.of(in, recurrent.directions(), 1, List.of("Tanh"));
        if (fused && FusedRecurrence.fits(recurrent) && (activations.are("tanh") || activations.are("relu"))) {
            return FusedRecurrence.rnn(recurrent, activations.are("relu"));
        }
        return byStep(recurrent, activations, List.of(recurrent.initial(5)), (recurrence, functions, direction) -> {
            UnaryOperator<Tensor> f = functions.get(0);
            return (inputs, state) -> List.of(f.apply(torch.add(inputs, recurrence.of(state.get(0)))));
        });
    }

    static List<Tensor> gru(Call in, boolean fused) {
        var recurrent = Recurrent.of(in, 3);
        var activations = CellActivations.of(in, recurrent.directions(), 2, List.of("Sigmoid", "Tanh"));
        boolean linearFirst = in.flag("linear_before_reset", false);
        if (fused && linearFirst && FusedRecurrence.fits(recurrent) && activations.are("sigmoid", "tanh")) {
            return FusedRecurrence.gru(recurrent);
        }
        return byStep(
                recurrent,
                activations,
                List.of(recurrent.initial(5)),
                (recurrence, functions, direction) -> gruCell(recurrence, functions, linearFirst));
    }

    private static Cell gruCell(Recurrence recurrence, List<UnaryOperator<Tensor>> functions, boolean linearFirst) {
        UnaryOperator<Tensor> f = functions.get(0);
        UnaryOperator<Tensor> g = functions.get(1);
        long hidden = recurrence.weight().size(0);
        Recurrence gates = recurrence.narrow(0, 2 * hidden);
        Recurrence candidates = recurrence.narrow(2 * hidden, hidden);
        return (inputs, state) -> {
            Tensor h = state.get(0);
            Tensor update = f.apply(torch.add(
                    inputs.narrow(1, 0, hidden), gates.narrow(0, hidden).of(h)));
            Tensor reset = f.apply(torch.add(
                    inputs.narrow(1, hidden, hidden),
                    gates.narrow(hidden, hidden).of(h)));
            Tensor recurrent = linearFirst ? torch.mul(reset, candidates.of(h)) : candidates.of(torch.mul(reset, h));
            Tensor candidate = g.apply(torch.add(inputs.narrow(1, 2 * hidden, hidden), recurrent));
            return List.of(torch.add(candidate, torch.mul(update, torch.sub(h, candidate))));
        };
    }

    static List<Tensor> lstm(Call in, boolean fused) {
        var recurrent = Recurrent.of(in, 4);
        var activations = CellActivations.of(in, recurrent.directions(), 2, List.of("Sigmoid", "Tanh", "Tanh"));
        boolean coupled = in.flag("input_forget", false);
        boolean standard = !in.has(7) && !coupled && activations.are("sigmoid", "tanh", "tanh");
        if (fused && standard && FusedRecurrence.fits(recurrent)) {
            return FusedRecurrence.lstm(recurrent);
        }
        if (in.has(7)) {
            Operands.requireShape(in, 7, recurrent.directions(), 3 * recurrent.hidden());
        }
        return byStep(
                recurrent,
                activations,
                List.of(recurrent.initial(5), recurrent.initial(6)),
                (recurrence, functions, direction) -> new LongShortTerm(
                        recurrence, functions, in.has(7) ? peepholes(in, direction) : List.of(), coupled));
    }

    private static List<Tensor> peepholes(Call in, int direction) {
        return Arrays.asList(
                torch.chunk(in.tensor(7).select(0, direction), 3, 0).get());
    }

    /** A cell whose peepholes, where there are some, are those of input, output and forget gate. */
    private record LongShortTerm(
            Recurrence recurrence, List<UnaryOperator<Tensor>> functions, List<Tensor> peepholes, boolean coupled)
            implements Cell {
        @Override
        public List<Tensor> next(Tensor inputs, List<Tensor> state) {
            Tensor[] gates = torch.chunk(torch.add(inputs, recurrence.of(state.get(0))), 4, 1)
                    .get();
            Tensor before = state.get(1);
            Tensor input = functions.get(0).apply(peeping(gates[0], 0, before));
            Tensor forget = coupled
                    ? torch.rsub(input, new Scalar(1))
                    : functions.get(0).apply(peeping(gates[2], 2, before));
            Tensor candidate = functions.get(1).apply(gates[3]);
            Tensor cell = torch.add(torch.mul(forget, before), torch.mul(input, candidate));
            Tensor output = functions.get(0).apply(peeping(gates[1], 1, cell));
            return List.of(torch.mul(output, functions.get(2).apply(cell)), cell);
        }

        private Tensor peeping(Tensor gate, int place, Tensor cell) {
            return peepholes.isEmpty() ? gate : torch.add(gate, torch.mul(peepholes.get(place), cell));
        }
    }

    /** All steps of all directions; then the last state. */
    private static List<Tensor> byStep(
            Recurrent recurrent, CellActivations activations, List<Tensor> initial, Cells cells) {
        var sequences = new ArrayList<Tensor>();
        var states = new ArrayList<List<Tensor>>();
        for (int direction = 0; direction < recurrent.directions(); direction++) {
            int now = direction;
            Tensor[] biases = biases(recurrent, direction);
            Tensor r = recurrent.r().select(0, direction).t();
            Cell cell = cells.of(new Recurrence(r, biases[1]), activations.of(direction), direction);
            Tensor w = recurrent.w().select(0, direction).t();
            Tensor inputs = torch.add(torch.matmul(recurrent.x(), w), biases[0]);
            List<Tensor> first =
                    initial.stream().map(each -> each.select(0, now)).toList();
            boolean backwards = recurrent.backwards() || direction == 1;
            states.add(steps(recurrent, cell, inputs, first, backwards, sequences));
        }
        var results = new ArrayList<Tensor>();
        results.add(recurrent.sequence(torch.stack(vector(sequences), 1)));
        for (int i = 0; i < initial.size(); i++) {
            int which = i;
            List<Tensor> last = states.stream().map(state -> state.get(which)).toList();
            results.add(recurrent.state(torch.stack(vector(last), 0)));
        }
        return results;
    }

    private static Tensor[] biases(Recurrent recurrent, int direction) {
        return recurrent
                .b()
                .map(b -> torch.chunk(b.select(0, direction), 2, 0).get())
                .orElseGet(() -> {
                    Tensor none =
                            torch.zeros_like(recurrent.r().select(0, direction).select(1, 0));
                    return new Tensor[] {none, none};
                });
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.toArray(new Tensor[0]));
    }

    /** Adds the hidden states of one direction to the sequences, 0 after an example's end, and gives the last state. */
    private static List<Tensor> steps(
            Recurrent recurrent,
            Cell cell,
            Tensor inputs,
            List<Tensor> first,
            boolean backwards,
            List<Tensor> sequences) {
        Tensor[] outputs = new Tensor[Math.toIntExact(recurrent.steps())];
        List<Tensor> state = first;
        for (int i = 0; i < outputs.length; i++) {
            int step = backwards ? outputs.length - 1 - i : i;
            recurrent.in().requireUninterrupted();
            List<Tensor> before = state;
            List<Tensor> made = recurrent
                    .in()
                    .apart(() -> present(recurrent, step, before, cell.next(inputs.select(0, step), before)));
            outputs[step] = made.get(made.size() - 1);
            state = made.subList(0, made.size() - 1);
        }
        sequences.add(
                outputs.length == 0
                        ? inputs.narrow(2, 0, recurrent.hidden())
                        : torch.stack(new TensorVector(outputs), 0));
        return state;
    }

    /** The state, and what the step puts out; an example that has no such step keeps its state and puts out 0. */
    private static List<Tensor> present(Recurrent recurrent, long step, List<Tensor> before, List<Tensor> after) {
        var made = new ArrayList<>(after);
        Tensor output = after.get(0);
        if (recurrent.lengths().isPresent()) {
            Tensor present = recurrent.present(step).orElseThrow();
            for (int i = 0; i < after.size(); i++) {
                made.set(i, torch.where(present, after.get(i), before.get(i)));
            }
            output = torch.where(present, output, torch.zeros_like(output));
        }
        made.add(output);
        return made;
    }

    /** The first elements of each example in reverse order, as many as its length says. */
    private static Tensor reverseSequence(Call in) {
        Tensor x = in.tensor(0);
        int time = Operands.axis(in, in.whole("time_axis", 0), x.dim());
        int batch = Operands.axis(in, in.whole("batch_axis", 1), x.dim());
        long steps = x.size(time);
        Tensor lengths = Operands.ofRank(in, 1, 1).to(x.device(), ScalarType.Long);
        boolean fits = Arrays.stream(in.longs(1)).allMatch(length -> length >= 0 && length <= steps);
        if (time == batch || lengths.size(0) != x.size(batch) || !fits) {
            throw in.refuse("reverses " + Arrays.toString(in.longs(1)) + " elements along axis " + time + " of shape "
                    + Arrays.toString(x.shape()) + " for each along axis " + batch);
        }
        Tensor places = Operands.counting(steps, x).unsqueeze(1);
        Tensor turned = torch.sub(torch.sub(lengths, places), new Scalar(1));
        Tensor sources = torch.where(torch.ge(turned, new Scalar(0)), turned, places);
        long[] along = new long[(int) x.dim()];
        Arrays.fill(along, 1);
        along[time] = steps;
        along[batch] = x.size(batch);
        Tensor index = (time < batch ? sources : sources.t()).reshape(along).expand(x.shape());
        return torch.gather(x, time, index);
    }
}
