package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.torch.Body;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import dev.graft.torch.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Nodes that hold graphs. */
final class ControlOps {
    private ControlOps() {}

    static void register(OpTable ops) {
        ops.values("If", 1, ControlOps::branch);
        ops.values("Loop", 1, ControlOps::loop);
        ops.values("SequenceMap", 17, ControlOps::map);
    }

    /** Only the branch that is taken runs. */
    private static List<Value> branch(Call in) {
        return in.body(in.scalar(0) != 0 ? "then_branch" : "else_branch").run(List.of());
    }

    /**
     * Repeats its body while the trip count and the condition last.
     *
     * <p>As in ONNX Runtime, a condition that the body gives counts even where the node was given none.
     */
    private static List<Value> loop(Call in) {
        Body body = in.body("body");
        int carried = Math.max(0, in.operands() - 2);
        int scans = body.outputs().size() - 1 - carried;
        if (scans < 0) {
            throw in.refuse("carries " + carried + " values, but its body has only "
                    + body.outputs().size() + " results");
        }
        long trips = in.has(0) ? in.scalarWhole(0) : Long.MAX_VALUE;
        boolean going = !in.has(1) || in.scalar(1) != 0;
        List<Value> state = operands(in, 2);
        var goingOn = new Value.Single(Operands.truth(true));
        List<Collected> collected = Collected.all(in, body, 1 + carried);
        for (long trip = 0; trip < trips && going; trip++) {
            in.nextRound();
            List<Value> results = round(body, trip, goingOn, state);
            if (trip > 0) {
                state.forEach(Value::free);
            }
            going = condition(in, results.get(0));
            state = results.subList(1, 1 + carried);
            Collected.add(collected, results.subList(1 + carried, results.size()));
        }
        return joined(state, collected.stream().map(each -> each.stacked(0)).toList());
    }

    private static List<Value> round(Body body, long trip, Value goingOn, List<Value> state) {
        var number = new Value.Single(Tensors.of(Array.scalar(trip)));
        var inputs = new ArrayList<Value>(List.of(number, goingOn));
        inputs.addAll(state);
        List<Value> results = body.run(inputs);
        number.free();
        return results;
    }

    private static boolean condition(Call in, Value value) {
        if (value instanceof Value.Single single && single.tensor().numel() == 1) {
            boolean holds = single.tensor().item_double() != 0;
            value.free();
            return holds;
        }
        throw in.refuse("needs one truth value as the first result of its body");
    }

    /** The operands from one on; an optional one that is left out is nothing. */
    static List<Value> operands(Call in, int from) {
        return IntStream.range(from, in.operands())
                .mapToObj(index -> in.has(index) ? in.value(index) : new Value.Nothing())
                .toList();
    }

    static List<Value> joined(List<Value> state, List<Tensor> collected) {
        var all = new ArrayList<>(state);
        all.addAll(Value.all(collected));
        return all;
    }

    /** The body's results for each element of the first sequence, with those of other sequences at its place. */
    private static List<Value> map(Call in) {
        Body body = in.body("body");
        int size = in.sequence(0).size();
        List<List<Tensor>> results = body.outputs().stream()
                .<List<Tensor>>map(output -> new ArrayList<>())
                .toList();
        for (int i = 0; i < size; i++) {
            int place = i;
            in.nextRound();
            List<Value> made = body.run(IntStream.range(0, in.operands())
                    .mapToObj(index -> element(in, index, place))
                    .toList());
            for (int k = 0; k < made.size(); k++) {
                results.get(k).add(Collected.tensor(in, made.get(k)));
            }
        }
        return results.stream().<Value>map(Value.Sequence::of).toList();
    }

    private static Value element(Call in, int index, int place) {
        if (in.value(index) instanceof Value.Sequence sequence) {
            if (sequence.size() <= place) {
                throw in.refuse("maps sequences of " + in.sequence(0).size() + " and " + sequence.size() + " elements");
            }
            return new Value.Single(sequence.at(place));
        }
        return in.value(index);
    }
}
