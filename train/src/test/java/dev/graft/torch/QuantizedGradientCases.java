package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.positive;
import static dev.graft.torch.GradientCase.real;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.List;

/** The quantised operators whose gradients are compared with differences: those with real operands and a real result. */
final class QuantizedGradientCases {
    private static final String MICROSOFT = "com.microsoft";

    private QuantizedGradientCases() {}

    static List<GradientCase> all() {
        Array grid = bytes(ElementType.INT8, 2, 3);
        Array packed = bytes(ElementType.UINT8, 3, 1, 8);
        return List.of(
                of("DequantizeLinear", 21, grid, positive()),
                of("DequantizeLinear", 21, grid, positive(3), bytes(ElementType.INT8, 3)),
                of("DequantizeLinear", 21, bytes(ElementType.UINT8, 2, 4), positive(2, 2))
                        .with("block_size", 2),
                of("DequantizeLinear", 1, grid, positive()).in(MICROSOFT),
                of("MatMulIntegerToFloat", 1, grid, bytes(ElementType.INT8, 3, 2), positive(), positive(2), none())
                        .in(MICROSOFT),
                of("MatMulNBits", 1, real(2, 16), packed, positive(3))
                        .in(MICROSOFT)
                        .with("K", 16)
                        .with("N", 3)
                        .with("block_size", 16));
    }

    private static Array bytes(ElementType type, long... shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        ByteBuffer buffer = Array.allocate(count);
        for (int i = 0; i < count; i++) {
            buffer.put(i, (byte) (i - 3));
        }
        return Array.of(type, shape, buffer);
    }
}
