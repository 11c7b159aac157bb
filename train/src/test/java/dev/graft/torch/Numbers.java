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
                case INT4, INT2, UINT4, UINT2 -> bits(array, i);
                case FLOAT4E2M1 -> small((int) bits(array, i), 2, 1, 1);
                case FLOAT8E8M0 ->
                    bytes.get(i) == -1 ? Double.NaN : Math.scalb(1.0, Byte.toUnsignedInt(bytes.get(i)) - 127);
                case FLOAT8E4M3FN -> (bytes.get(i) & 0x7f) == 0x7f ? Double.NaN : small(bytes.get(i) & 0xff, 4, 3, 7);
                case FLOAT8E4M3FNUZ -> bytes.get(i) == -128 ? Double.NaN : small(bytes.get(i) & 0xff, 4, 3, 8);
                case FLOAT8E5M2 -> half((short) (bytes.get(i) << 8));
                case FLOAT8E5M2FNUZ -> bytes.get(i) == -128 ? Double.NaN : small(bytes.get(i) & 0xff, 5, 2, 16);
                default -> throw new IllegalArgumentException("No numbers in " + array);
            };
        }
        return values;
    }

    /** An element smaller than a byte; the first lies in the lowest bits. */
    private static long bits(Array array, int index) {
        int bits = array.type().bits();
        int each = Byte.SIZE / bits;
        int value = array.bytes().get(index / each) >> index % each * bits & (1 << bits) - 1;
        boolean negative = array.type().name().startsWith("INT") && value >> bits - 1 != 0;
        return negative ? value - (1 << bits) : value;
    }

    /** A real number of a sign, an exponent and a fraction, all of whose codes are finite. */
    private static double small(int code, int exponentBits, int fractionBits, int bias) {
        int exponent = code >> fractionBits & (1 << exponentBits) - 1;
        int fraction = code & (1 << fractionBits) - 1;
        double size = exponent == 0
                ? Math.scalb((double) fraction, 1 - bias - fractionBits)
                : Math.scalb((double) (fraction + (1 << fractionBits)), exponent - bias - fractionBits);
        return code >> exponentBits + fractionBits != 0 ? -size : size;
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
