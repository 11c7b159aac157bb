package dev.graft.torch;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;

/**
 * Elements smaller than a byte, which files pack and tensors do not.
 *
 * <p>The first element lies in the lowest bits of a byte. Source: {@code TensorProto.raw_data} in onnx.proto.
 */
final class SubBytes {
    private SubBytes() {}

    /** Whether several elements of a type share a byte. */
    static boolean packs(ElementType type) {
        return type.bits() == 4 || type.bits() == 2;
    }

    /** One byte an element, signed ones with their sign. */
    static ByteBuffer unpacked(Array array) {
        int bits = array.type().bits();
        boolean signed = array.type() == ElementType.INT4 || array.type() == ElementType.INT2;
        int unused = Byte.SIZE - bits;
        ByteBuffer from = array.bytes();
        ByteBuffer to = Array.allocate(array.elements());
        for (int i = 0; i < to.capacity(); i++) {
            int shifted = from.get(byteOf(i, bits)) >> (i % (Byte.SIZE / bits) * bits) << unused;
            to.put(i, (byte) (signed ? (byte) shifted >> unused : (shifted & 0xff) >> unused));
        }
        return to;
    }

    /** An array of packed elements from one byte each. */
    static Array packed(ElementType type, long[] shape, ByteBuffer from) {
        int bits = type.bits();
        int mask = (1 << bits) - 1;
        ByteBuffer to = Array.allocate(type.bytes(from.capacity()));
        for (int i = 0; i < from.capacity(); i++) {
            int at = byteOf(i, bits);
            to.put(at, (byte) (to.get(at) | (from.get(i) & mask) << (i % (Byte.SIZE / bits) * bits)));
        }
        return Array.of(type, shape, to);
    }

    private static int byteOf(int element, int bits) {
        return element / (Byte.SIZE / bits);
    }
}
