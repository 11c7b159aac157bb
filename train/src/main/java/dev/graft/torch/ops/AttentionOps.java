package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Attention with its cache of keys and values. */
final class AttentionOps {
    private static final int MASK = 3;
    private static final int PAST = 4;
    private static final int LENGTHS = 6;

    private AttentionOps() {}

    static void register(OpTable ops) {
        ops.multi("Attention", 23, AttentionOps::attention);
        ops.op("TensorScatter", 24, AttentionOps::tensorScatter);
    }

    private static List<Tensor> attention(Call in) {
        boolean flat = in.tensor(0).dim() == 3;
        Tensor query = flat ? heads(in, in.tensor(0), in.whole("q_num_heads", 1)) : in.tensor(0);
        Tensor key = afterPast(in, PAST, flat ? heads(in, in.tensor(1), in.whole("kv_num_heads", 1)) : in.tensor(1));
        Tensor value =
                afterPast(in, PAST + 1, flat ? heads(in, in.tensor(2), in.whole("kv_num_heads", 1)) : in.tensor(2));
        Optional<Tensor> mask = mask(in, key.size(2));
        boolean truths =
                mask.map(given -> Operands.type(given) == ScalarType.Bool).orElse(false);
        var stages = new AttentionStages(
                in.real("scale", 1 / Math.sqrt(query.size(-1))),
                in.real("softcap", 0),
                mask.filter(given -> !truths),
                both(mask.filter(given -> truths), visible(in, query.size(2), key.size(2))),
                softmaxType(in, query));
        var attended = stages.attend(in, query, key, value);
        var results = new ArrayList<>(List.of(flat ? joined(attended.output()) : attended.output(), key, value));
        if (in.wants(3)) {
            results.add(attended.product(in.whole("qk_matmul_output_mode", 0)));
        }
        return results;
    }

    /** [batch, positions, heads · width] to [batch, heads, positions, width]. */
    static Tensor heads(Call in, Tensor x, long heads) {
        if (heads < 1 || x.dim() != 3 || x.size(2) % heads != 0) {
            throw in.refuse("cannot split " + x.size(-1) + " numbers into " + heads + " heads");
        }
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
    }

    /** [batch, heads, positions, width] to [batch, positions, heads · width]. */
    static Tensor joined(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }

    static Tensor afterPast(Call in, int index, Tensor now) {
        return in.has(index) ? torch.cat(Operands.list(in.tensor(index), now), 2) : now;
    }

    static Optional<Tensor> both(Optional<Tensor> a, Optional<Tensor> b) {
        return a.isPresent() && b.isPresent() ? Optional.of(torch.logical_and(a.get(), b.get())) : a.or(() -> b);
    }

    /** The mask, which forbids the keys that it is too short for. */
    private static Optional<Tensor> mask(Call in, long keys) {
        if (!in.has(MASK)) {
            return Optional.empty();
        }
        Tensor mask = in.tensor(MASK);
        long lacking = mask.dim() == 0 || mask.size(-1) == 1 ? 0 : keys - mask.size(-1);
        double forbidden = Operands.type(mask) == ScalarType.Bool ? 0 : Double.NEGATIVE_INFINITY;
        return Optional.of(
                lacking <= 0 ? mask : torch.constant_pad_nd(mask, new long[] {0, lacking}, new Scalar(forbidden)));
    }

    /** Which keys stand where each query may look: before the end of its row, not after it, and within its window. */
    private static Optional<Tensor> visible(Call in, long queries, long keys) {
        Tensor key = Operands.counting(keys, in.tensor(0));
        Tensor before = in.has(PAST) ? Operands.vector(in.tensor(PAST).size(2)) : Operands.vector(0);
        Optional<Tensor> seen = Optional.empty();
        if (in.has(LENGTHS)) {
            Tensor lengths = in.tensor(LENGTHS).reshape(-1, 1, 1, 1);
            seen = Optional.of(torch.lt(key, lengths));
            before = torch.sub(lengths, new Scalar(queries));
        }
        Tensor query = torch.add(Operands.counting(queries, in.tensor(0)).unsqueeze(1), before);
        long left = in.whole("left_window_size", -1);
        long right = in.flag("is_causal", false) ? 0 : in.whole("right_window_size", -1);
        if (right >= 0) {
            seen = both(seen, Optional.of(torch.le(key, torch.add(query, new Scalar(right)))));
        }
        return left < 0 ? seen : both(seen, Optional.of(torch.ge(key, torch.sub(query, new Scalar(left)))));
    }

    private static ScalarType softmaxType(Call in, Tensor query) {
        long code = in.whole("softmax_precision", 0);
        return code == 0
                ? Operands.type(query)
                : Tensors.scalarType(ElementType.of(Math.toIntExact(code))).orElse(Operands.type(query));
    }

    /** A cache with an update written over it, in each row of the batch from its own place on. */
    private static Tensor tensorScatter(Call in) {
        Tensor cache = in.tensor(0);
        Tensor update = in.tensor(1);
        int axis = Operands.axis(in, in.whole("axis", -2), cache.dim());
        long size = cache.size(axis);
        Tensor place = Operands.counting(update.size(axis), cache);
        if (in.has(2)) {
            place = torch.add(place, in.tensor(2).to(ScalarType.Long).unsqueeze(1));
        }
        place = in.text("mode", "linear").equals("circular") ? torch.remainder(place, new Scalar(size)) : place;
        long[] shape = new long[(int) cache.dim()];
        Arrays.fill(shape, 1);
        shape[0] = place.dim() == 2 ? place.size(0) : 1;
        shape[axis] = update.size(axis);
        Tensor index = place.reshape(shape).expand(update.shape());
        return Casts.moved(cache, stored -> torch.scatter(stored, axis, index, Casts.carried(update)));
    }
}
