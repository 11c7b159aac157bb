package dev.graft.torch.ops;

import dev.graft.torch.Call;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Weights of a few bits in blocks along the inner dimension, each with a scale of its own ({@code MatMulNBits}).
 *
 * <p>Source: ONNX Runtime, docs/ContribOperators.md.
 */
final class PackedWeights {
    private PackedWeights() {}

    /** The product with the unpacked matrix, and a bias where there is one. */
    static Tensor product(Call in) {
        Tensor product = torch.matmul(in.tensor(0), matrix(in).t());
        return in.has(5) ? torch.add(product, in.tensor(5)) : product;
    }

    /** [N, K] of the left operand's type. */
    private static Tensor matrix(Call in) {
        long columns = in.whole("K", 0);
        long rows = in.whole("N", 0);
        int bits = Math.toIntExact(in.whole("bits", 4));
        long block = in.whole("block_size", 0);
        if (columns < 1 || rows < 1 || block < 1 || bits != 2 && bits != 4 && bits != 8) {
            throw in.refuse("has K=" + columns + ", N=" + rows + ", block_size=" + block + " and bits=" + bits
                    + "; sizes are positive and bits are 2, 4 or 8");
        }
        long blocks = (columns + block - 1) / block;
        if (in.tensor(1).numel() != Operands.count(in, rows, blocks, block) * bits / Byte.SIZE) {
            throw in.refuse("holds " + in.tensor(1).numel() + " bytes of packed weights for " + rows + " x " + blocks
                    + " blocks of " + block);
        }
        ScalarType type = Operands.type(in.tensor(0));
        Tensor whole =
                unpacked(in.tensor(1), bits).reshape(rows, blocks * block).to(type);
        Tensor scales = in.tensor(2).to(type).reshape(rows, blocks);
        Tensor zeros = zeros(in, rows, blocks, bits).to(type);
        return in.has(4)
                ? chosen(in, whole, zeros, scales, columns)
                : torch.mul(torch.sub(whole, each(zeros, block)), each(scales, block))
                        .narrow(1, 0, columns);
    }

    private static Tensor each(Tensor x, long block) {
        return torch.repeat_interleave(x, block, new LongOptional(1), new LongOptional());
    }

    /** A column's block is what the operand of groups says instead of its place. */
    private static Tensor chosen(Call in, Tensor whole, Tensor zeros, Tensor scales, long columns) {
        Tensor group = in.tensor(4).to(ScalarType.Long).narrow(0, 0, columns);
        Tensor centred = torch.sub(whole.narrow(1, 0, columns), zeros.index_select(1, group));
        return torch.mul(centred, scales.index_select(1, group));
    }

    /** [rows, blocks]: packed as the weights are, or real numbers, or the middle of the range. */
    private static Tensor zeros(Call in, long rows, long blocks, int bits) {
        if (!in.has(3)) {
            return Operands.vector(1L << (bits - 1)).expand(rows, blocks);
        }
        Tensor given = in.tensor(3);
        return given.is_floating_point() || bits == Byte.SIZE
                ? given.reshape(rows, blocks)
                : unpacked(given.reshape(rows, -1), bits).narrow(1, 0, blocks);
    }

    /** One element a byte, the lowest bits first. */
    private static Tensor unpacked(Tensor bytes, int bits) {
        if (bits == Byte.SIZE) {
            return bytes;
        }
        var parts = new Tensor[Byte.SIZE / bits];
        for (int i = 0; i < parts.length; i++) {
            Tensor shifted = torch.floor_divide(bytes, new Scalar(1 << i * bits));
            parts[i] = torch.remainder(shifted, new Scalar(1 << bits));
        }
        return torch.stack(Operands.list(parts), -1).flatten(-2, -1);
    }
}
