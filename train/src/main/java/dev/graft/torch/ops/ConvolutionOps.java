package dev.graft.torch.ops;

import dev.graft.torch.OpTable;

/** Convolutions. */
final class ConvolutionOps {
    private ConvolutionOps() {}

    static void register(OpTable ops) {
        ops.op("Conv", 1, in -> Convolution.of(in, in.tensor(0), in.tensor(1), Operands.optional(in, 2)));
        ops.op(
                "ConvTranspose",
                1,
                in -> Convolution.transposed(in, in.tensor(0), in.tensor(1), Operands.optional(in, 2)));
    }
}
