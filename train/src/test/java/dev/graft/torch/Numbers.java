package dev.graft.torch;

import dev.graft.tensor.Array;
import java.nio.ByteBuffer;

/** Arrays of any element type as doubles, for comparison. */
final class Numbers {
    private Numbers() {}

    static double[] of(Array array) {
        double[] values = new double[Math.toIntExact(array.elements())];
        ByteBuffer bytes = array.bytes();
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (array.type()) {
                case FLOAT -> bytes.getFloat(4 * i);
                case DOUBLE -> bytes.getDouble(8 * i);
                case FLOAT16 -> half(bytes.getShort(2 * i));
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case BOOL, INT8 -> bytes.get(i);
                case UINT8 -> Byte.toUnsignedInt(bytes.get(i));
                case INT16 -> bytes.getShort(2 * i);
                case UINT16 -> Short.toUnsignedInt(bytes.getShort(2 * i));
                case INT32 -> bytes.getInt(4 * i);
                case UINT32 -> Integer.toUnsignedLong(bytes.getInt(4 * i));
                case INT64, UINT64 -> bytes.getLong(8 * i);
                default -> throw new IllegalArgumentException("No numbers in " + array);
            };
        }
        return values;
    }

    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size = exponent == 0x1f
                ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                : exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25);
        return bits < 0 ? -size : size;
    }
}
