package dev.graft.torch.ops;

import dev.graft.torch.Body;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A body run over the slices of arrays, with a state handed on. */
final class ScanOps {
    private ScanOps() {}

    static void register(OpTable ops) {
        ops.values("Scan", 8, ScanOps::scanBatch);
        ops.values("Scan", 9, ScanOps::scan);
    }

    /** An array that is read slice by slice. */
    private record Sliced(Tensor x, int axis, boolean backwards) {
        long length() {
            return x.size(axis);
        }

        Value at(long round) {
            return new Value.Single(x.select(axis, backwards ? length() - 1 - round : round));
        }
    }

    private static List<Value> scan(Call in) {
        int count = inputs(in, 0);
        int states = in.operands() - count;
        long[] axes = each(in, "scan_input_axes", count);
        long[] backwards = each(in, "scan_input_directions", count);
        List<Sliced> inputs = IntStream.range(0, count)
                .mapToObj(i -> sliced(in, in.tensor(states + i), axes[i], backwards[i] != 0))
                .toList();
        long length = inputs.get(0).length();
        requireLength(in, inputs, length);
        Body body = in.body("body");
        List<Collected> collected = collected(in, body, states);
        List<Value> state = run(in, body, ControlOps.operands(in, 0).subList(0, states), inputs, length, collected);
        long[] outputAxes = each(in, "scan_output_axes", collected.size());
        long[] outputBackwards = each(in, "scan_output_directions", collected.size());
        var stacked = new ArrayList<Tensor>();
        for (int i = 0; i < collected.size(); i++) {
            Collected each = collected.get(i);
            stacked.add(outputBackwards[i] != 0 ? each.stackedBackwards(outputAxes[i]) : each.stacked(outputAxes[i]));
        }
        return ControlOps.joined(state, stacked);
    }

    private static int inputs(Call in, int before) {
        long count = in.whole("num_scan_inputs", 0);
        if (count < 1 || count > in.operands() - before) {
            throw in.refuse("scans " + count + " inputs of " + (in.operands() - before));
        }
        return (int) count;
    }

    /** A number for each of several inputs or outputs; 0 where the node says nothing. */
    private static long[] each(Call in, String attribute, int count) {
        long[] given = in.longs(attribute, new long[count]);
        if (given.length != count) {
            throw in.refuse("needs " + count + " " + attribute + ", not " + given.length);
        }
        return given;
    }

    private static Sliced sliced(Call in, Tensor x, long axis, boolean backwards) {
        return new Sliced(x, Operands.axis(in, axis, x.dim()), backwards);
    }

    private static void requireLength(Call in, List<Sliced> inputs, long length) {
        for (Sliced input : inputs) {
            if (input.length() < length) {
                throw in.refuse("scans inputs of lengths " + length + " and " + input.length());
            }
        }
    }

    private static List<Collected> collected(Call in, Body body, int states) {
        if (body.outputs().size() < states) {
            throw in.refuse("has " + states + " states, but its body only "
                    + body.outputs().size() + " results");
        }
        return Collected.all(in, body, states);
    }

    /** The state after all rounds; what they give is collected. */
    private static List<Value> run(
            Call in, Body body, List<Value> first, List<Sliced> inputs, long length, List<Collected> collected) {
        List<Value> state = first;
        for (long round = 0; round < length; round++) {
            long now = round;
            in.requireUninterrupted();
            List<Value> slices = inputs.stream().map(input -> input.at(now)).toList();
            var given = new ArrayList<>(state);
            given.addAll(slices);
            List<Value> results = body.run(given);
            slices.forEach(Value::free);
            if (round > 0) {
                state.forEach(Value::free);
            }
            state = results.subList(0, first.size());
            Collected.add(collected, results.subList(first.size(), results.size()));
        }
        return state;
    }

    /** The first form: everything has a batch axis before, and examples may end early; what follows their end is 0. */
    private static List<Value> scanBatch(Call in) {
        int count = inputs(in, 1);
        int states = in.operands() - 1 - count;
        long batch = in.tensor(1).size(0);
        long length = in.tensor(1 + states).size(1);
        long[] lengths = in.has(0) ? in.longs(0) : filled(batch, length);
        long[] backwards = each(in, "directions", count);
        Body body = in.body("body");
        int results = body.outputs().size();
        var parts = new ArrayList<List<Tensor>>();
        for (int example = 0; example < batch; example++) {
            parts.add(example(in, body, example, states, backwards, length, lengths));
        }
        if (parts.isEmpty()) {
            throw in.refuse("scans a batch of no examples");
        }
        return Value.all(IntStream.range(0, results)
                .mapToObj(i -> torch.stack(
                        Operands.list(parts.stream().map(part -> part.get(i)).toArray(Tensor[]::new)), 0))
                .toList());
    }

    private static long[] filled(long count, long value) {
        long[] values = new long[Math.toIntExact(count)];
        Arrays.fill(values, value);
        return values;
    }

    private static List<Tensor> example(
            Call in, Body body, int example, int states, long[] backwards, long length, long[] lengths) {
        if (lengths.length <= example || lengths[example] < 0 || lengths[example] > length) {
            throw in.refuse("has sequence lengths " + Arrays.toString(lengths) + " for sequences of " + length);
        }
        long own = lengths[example];
        List<Sliced> inputs = IntStream.range(0, backwards.length)
                .mapToObj(i -> sliced(
                        in, in.tensor(1 + states + i).select(0, example).narrow(0, 0, own), 0, backwards[i] != 0))
                .toList();
        List<Value> first = IntStream.range(0, states)
                .<Value>mapToObj(i -> new Value.Single(in.tensor(1 + i).select(0, example)))
                .toList();
        requireLength(in, inputs, own);
        List<Collected> collected = collected(in, body, states);
        List<Value> last = run(in, body, first, inputs, own, collected);
        var results = new ArrayList<Tensor>();
        last.forEach(value -> results.add(Collected.tensor(in, value)));
        collected.forEach(each -> results.add(padded(each.stacked(0), length)));
        return results;
    }

    private static Tensor padded(Tensor x, long length) {
        long[] after = new long[2 * (int) x.dim()];
        after[after.length - 1] = length - x.size(0);
        return torch.constant_pad_nd(x, after, new Scalar(0));
    }
}
