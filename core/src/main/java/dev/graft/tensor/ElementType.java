package dev.graft.tensor;

/**
 * The type of one element of an {@link Array}, with ONNX's own type codes.
 *
 * <p>Source: {@code TensorProto.DataType} in the ONNX specification (onnx.proto, IR version 13).
 */
public enum ElementType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4),
    FLOAT8E8M0(24, 8),
    UINT2(25, 2),
    INT2(26, 2);

    private static final ElementType[] ALL = values();

    private final int code;
    private final int bits;

    ElementType(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    /** The type's number in an ONNX file. */
    public int code() {
        return code;
    }

    /** The size of one element in bits; 0 for {@link #STRING}, whose elements differ in size. */
    public int bits() {
        return bits;
    }

    /**
     * The bytes that so many elements take, packed as ONNX packs them (two 4-bit or four 2-bit elements a byte).
     *
     * @throws ArithmeticException if the size exceeds a {@code long}
     */
    public long bytes(long elements) {
        return Math.addExact(Math.multiplyExact(elements, bits), 7) / 8;
    }

    /** Whether elements are real numbers, which is what a gradient needs. */
    public boolean isFloating() {
        return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
    }

    /**
     * The type with an ONNX type code.
     *
     * @throws IllegalArgumentException if no known type has this code
     */
    public static ElementType of(int code) {
        if (code < 1 || code > ALL.length) {
            throw new IllegalArgumentException("Element type " + code + " is unknown; known are 1 to " + ALL.length);
        }
        return ALL[code - 1];
    }

    /** The name in ONNX's text form, for example {@code float} or {@code int64}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
