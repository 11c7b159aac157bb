package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Causal attention whose keys and values serve several query heads, with a cache that is written at each row's own length
 * ({@code GroupQueryAttention}).
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class GroupedAttention {
    private static final int LAST_KEY = 5;
    private static final int TOTAL = 6;
    private static final int COSINE = 7;
    private static final int POSITIONS = 9;
    private static final int BIAS = 10;

    private GroupedAttention() {}

    static void register(OpTable ops) {
        ops.multi("com.microsoft", "GroupQueryAttention", 1, GroupedAttention::attention);
    }

    private static List<Tensor> attention(Call in) {
        if (in.operands() > BIAS + 1 && in.has(BIAS + 1) || in.flag("smooth_softmax", false)) {
            throw in.refuse("has a sink in its softmax, which is not known");
        }
        long heads = in.whole("num_heads", 1);
        long shared = in.whole("kv_num_heads", 1);
        Tensor[] parts =
                in.has(1) ? new Tensor[] {in.tensor(0), in.tensor(1), in.tensor(2)} : unpacked(in, heads, shared);
        Tensor query = AttentionOps.heads(in, parts[0], heads);
        Tensor key = AttentionOps.heads(in, parts[1], shared);
        Tensor value = AttentionOps.heads(in, parts[2], shared);
        Tensor place = places(in, query);
        if (in.flag("do_rotary", false)) {
            query = turned(in, query, place);
            key = turned(in, key, place);
        }
        Tensor keys = written(in, 3, key, place);
        Tensor values = written(in, 4, value, place);
        double scale = in.real("scale", 0);
        var stages = new AttentionStages(
                scale == 0 ? 1 / Math.sqrt(query.size(-1)) : scale,
                in.real("softcap", 0),
                in.has(BIAS) ? Optional.of(in.tensor(BIAS)) : Optional.empty(),
                Optional.of(visible(in, place, keys.size(2))),
                Operands.type(query));
        return List.of(
                AttentionOps.joined(stages.attend(in, query, keys, values).output()), keys, values);
    }

    /** Queries, keys and values side by side in one array. */
    private static Tensor[] unpacked(Call in, long heads, long shared) {
        Tensor packed = in.tensor(0);
        long width = packed.size(2) / (heads + 2 * shared);
        long[] sizes = {heads * width, shared * width, shared * width};
        return torch.split_with_sizes(packed, sizes, -1).get();
    }

    /** [batch, positions]: where each new token stands in its row. */
    private static Tensor places(Call in, Tensor query) {
        Tensor token = Operands.counting(query.size(2), query);
        Tensor length = torch.add(in.tensor(LAST_KEY).to(ScalarType.Long).reshape(-1), new Scalar(1));
        Tensor before = torch.sub(length, new Scalar(query.size(2)));
        boolean first = (long) in.scalar(TOTAL) == query.size(2);
        Tensor start = first ? torch.zeros_like(before) : torch.clamp_min(before, new Scalar(0));
        return torch.add(start.unsqueeze(1), token);
    }

    private static Tensor turned(Call in, Tensor x, Tensor place) {
        Tensor position = in.has(POSITIONS) ? in.tensor(POSITIONS).to(ScalarType.Long) : place;
        Tensor cosine = torch.embedding(in.tensor(COSINE), position);
        Tensor sine = torch.embedding(in.tensor(COSINE + 1), position);
        return RotaryOps.turned(in, x, cosine, sine, in.flag("rotary_interleaved", false));
    }

    /** The cache, grown where it is too short, with the new tokens at their places and zeros after them. */
    private static Tensor written(Call in, int cache, Tensor now, Tensor place) {
        long held = in.has(cache) ? in.tensor(cache).size(2) : 0;
        long[] shape = now.shape();
        shape[2] = Math.max(held, (long) in.scalar(TOTAL));
        Operands.requireRoom(in, now.element_size(), shape);
        long[] missing = shape.clone();
        missing[2] = shape[2] - held;
        Tensor more = torch.zeros_like(now.narrow(2, 0, 0).sum()).expand(missing);
        Tensor whole = held == 0 ? more : torch.cat(Operands.list(in.tensor(cache), more), 2);
        Tensor index = place.unsqueeze(1).unsqueeze(-1).expand(now.shape());
        Tensor last = place.narrow(1, place.size(1) - 1, 1).unsqueeze(-1).unsqueeze(-1);
        Tensor behind = torch.gt(Operands.counting(shape[2], now).unsqueeze(-1), last);
        return torch.masked_fill(torch.scatter(whole, 2, index, now), behind, new Scalar(0));
    }

    private static Tensor visible(Call in, Tensor place, long keys) {
        Tensor query = place.unsqueeze(1).unsqueeze(-1);
        Tensor key = Operands.counting(keys, place);
        Tensor seen = torch.le(key, query);
        long window = in.whole("local_window_size", -1);
        return window < 0 ? seen : torch.logical_and(seen, torch.gt(key, torch.sub(query, new Scalar(window))));
    }
}
