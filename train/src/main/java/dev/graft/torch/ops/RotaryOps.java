package dev.graft.torch.ops;

import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Positions as rotations of pairs of numbers. */
final class RotaryOps {
    private RotaryOps() {}

    static void register(OpTable ops) {
        ops.op("RotaryEmbedding", 23, RotaryOps::rotaryEmbedding);
        ops.op("com.microsoft", "RotaryEmbedding", 1, RotaryOps::microsoft);
    }

    private static Tensor rotaryEmbedding(Call in) {
        Tensor x = in.tensor(0);
        Tensor cosine = in.has(3) ? torch.embedding(in.tensor(1), in.tensor(3)) : in.tensor(1);
        Tensor sine = in.has(3) ? torch.embedding(in.tensor(2), in.tensor(3)) : in.tensor(2);
        if (x.dim() == 4) {
            return turned(in, x, cosine, sine, in.flag("interleaved", false));
        }
        Tensor split = AttentionOps.heads(in, x, in.whole("num_heads", 1));
        return AttentionOps.joined(turned(in, split, cosine, sine, in.flag("interleaved", false)));
    }

    /** Positions are one for each token, or that of the first. */
    private static Tensor microsoft(Call in) {
        Tensor x = in.tensor(0);
        boolean flat = x.dim() == 3;
        long length = x.size(flat ? 1 : 2);
        Tensor given = in.tensor(1).to(ScalarType.Long);
        Tensor position = given.numel() == 1 && given.dim() < 2
                ? torch.add(Operands.counting(length, x), given.reshape()).expand(x.size(0), length)
                : given;
        Tensor cosine = torch.embedding(in.tensor(2), position);
        Tensor sine = torch.embedding(in.tensor(3), position);
        boolean interleaved = in.flag("interleaved", false);
        if (!flat) {
            return turned(in, x, cosine, sine, interleaved);
        }
        long rotated = in.whole("rotary_embedding_dim", 0);
        long width = rotated == 0 ? 2 * in.tensor(2).size(1) : x.size(2) / in.whole("num_heads", 1);
        Tensor split = AttentionOps.heads(in, x, width == 0 ? 0 : x.size(2) / width);
        return AttentionOps.joined(turned(in, split, cosine, sine, interleaved));
    }

    /** [batch, heads, positions, width] turned by [batch, positions, half of what is rotated]; the rest stays. */
    static Tensor turned(Call in, Tensor x, Tensor cosine, Tensor sine, boolean interleaved) {
        long rotated = 2 * cosine.size(-1);
        if (rotated > x.size(-1)) {
            throw in.refuse("rotates " + rotated + " numbers of heads of " + x.size(-1));
        }
        Tensor part = turned(x.narrow(-1, 0, rotated), cosine.unsqueeze(1), sine.unsqueeze(1), interleaved);
        long rest = x.size(-1) - rotated;
        return rest == 0 ? part : torch.cat(Operands.list(part, x.narrow(-1, rotated, rest)), -1);
    }

    private static Tensor turned(Tensor x, Tensor cosine, Tensor sine, boolean interleaved) {
        long half = x.size(-1) / 2;
        long[] shape = x.shape();
        Tensor pairs = interleaved
                ? x.reshape(shape[0], shape[1], shape[2], half, 2)
                : x.reshape(shape[0], shape[1], shape[2], 2, half).transpose(-2, -1);
        Tensor a = pairs.select(-1, 0);
        Tensor b = pairs.select(-1, 1);
        Tensor first = torch.sub(torch.mul(cosine, a), torch.mul(sine, b));
        Tensor second = torch.add(torch.mul(sine, a), torch.mul(cosine, b));
        return torch.stack(Operands.list(first, second), interleaved ? -1 : -2).reshape(shape);
    }
}
