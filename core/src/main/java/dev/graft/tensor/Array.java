package dev.graft.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An array as a value: element type, shape, and a read-only little-endian buffer in row-major order.
 *
 * <p>The buffer may lie on the heap, outside it, or in a mapped file; an array never copies what it is given, so who
 * hands over a buffer must not write to it afterwards. A shape of no dimensions is a scalar. Strings are held as text.
 */
public final class Array {
    private final ElementType type;
    private final long[] shape;
    private final ByteBuffer bytes;
    private final List<String> strings;
    private final Optional<Origin> origin;

    private Array(ElementType type, long[] shape, ByteBuffer bytes, List<String> strings) {
        this(type, shape, bytes, strings, Optional.empty());
    }

    private Array(ElementType type, long[] shape, ByteBuffer bytes, List<String> strings, Optional<Origin> origin) {
        this.type = type;
        this.shape = shape.clone();
        this.bytes = bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        this.strings = strings;
        this.origin = origin;
    }

    /**
     * An array over the remaining bytes of a buffer, in little-endian order whatever the buffer's own order is.
     *
     * @param shape sizes, each 0 or more
     * @throws IllegalArgumentException if the buffer does not hold exactly the bytes that type and shape ask for
     */
    public static Array of(ElementType type, long[] shape, ByteBuffer bytes) {
        if (type == ElementType.STRING) {
            throw new IllegalArgumentException("An array of strings is made by Array.ofStrings");
        }
        long expected = type.bytes(elements(shape));
        if (bytes.remaining() != expected) {
            throw new IllegalArgumentException("An array of " + type.text() + Arrays.toString(shape) + " takes "
                    + expected + " bytes, not " + bytes.remaining());
        }
        return new Array(type, shape, bytes.slice(), List.of());
    }

    /** An array of float32 values. */
    public static Array of(float[] values, long... shape) {
        ByteBuffer buffer = allocate(4L * values.length);
        buffer.asFloatBuffer().put(values);
        return of(ElementType.FLOAT, shape, buffer);
    }

    /** An array of float64 values. */
    public static Array of(double[] values, long... shape) {
        ByteBuffer buffer = allocate(8L * values.length);
        buffer.asDoubleBuffer().put(values);
        return of(ElementType.DOUBLE, shape, buffer);
    }

    /** An array of int64 values. */
    public static Array of(long[] values, long... shape) {
        ByteBuffer buffer = allocate(8L * values.length);
        buffer.asLongBuffer().put(values);
        return of(ElementType.INT64, shape, buffer);
    }

    /** An array of int32 values. */
    public static Array of(int[] values, long... shape) {
        ByteBuffer buffer = allocate(4L * values.length);
        buffer.asIntBuffer().put(values);
        return of(ElementType.INT32, shape, buffer);
    }

    /** An array of truth values, a byte each. */
    public static Array of(boolean[] values, long... shape) {
        ByteBuffer buffer = allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, (byte) (values[i] ? 1 : 0));
        }
        return of(ElementType.BOOL, shape, buffer);
    }

    /** An array of strings. */
    public static Array ofStrings(List<String> values, long... shape) {
        if (elements(shape) != values.size()) {
            throw new IllegalArgumentException(
                    "Shape " + Arrays.toString(shape) + " does not fit " + values.size() + " strings");
        }
        return new Array(ElementType.STRING, shape, ByteBuffer.allocate(0), List.copyOf(values));
    }

    /** A float32 scalar. */
    public static Array scalar(float value) {
        return of(new float[] {value});
    }

    /** An int64 scalar. */
    public static Array scalar(long value) {
        return of(new long[] {value});
    }

    /** A writable little-endian buffer outside the heap, zeroed. */
    public static ByteBuffer allocate(long size) {
        return ByteBuffer.allocateDirect(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    public ElementType type() {
        return type;
    }

    /** The sizes, outermost first; a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** The size of one dimension; negative numbers count from the last. */
    public long size(int dimension) {
        return shape[dimension < 0 ? shape.length + dimension : dimension];
    }

    /** The number of elements. */
    public long elements() {
        return elements(shape);
    }

    /** A read-only little-endian view of the whole content, at position 0. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies the content into a buffer.
     *
     * <p>What lies in a mapped file is read from the file: looked at through the mapping, its pages would stay in this
     * process's memory beside the copy.
     *
     * @param target with room for exactly the content
     */
    public void copyTo(ByteBuffer target) {
        if (origin.isPresent()) {
            try {
                origin.get().read(target.duplicate());
                return;
            } catch (IOException e) {
                // The mapping shows the same bytes.
            }
        }
        target.duplicate().put(bytes());
    }

    /** The strings of an array of {@link ElementType#STRING}. */
    public List<String> strings() {
        require(ElementType.STRING);
        return strings;
    }

    /** The values of a float32 array; a copy. */
    public float[] floats() {
        require(ElementType.FLOAT);
        float[] values = new float[Math.toIntExact(elements())];
        bytes().asFloatBuffer().get(values);
        return values;
    }

    /** The values of an int64, int32 or boolean array, widened; a copy. */
    public long[] longs() {
        long[] values = new long[Math.toIntExact(elements())];
        switch (type) {
            case INT64 -> bytes().asLongBuffer().get(values);
            case INT32 -> Arrays.setAll(values, bytes().asIntBuffer()::get);
            case BOOL, INT8 -> Arrays.setAll(values, bytes()::get);
            case UINT8 -> Arrays.setAll(values, i -> Byte.toUnsignedLong(bytes.get(i)));
            default -> throw new IllegalStateException("An array of " + type.text() + " does not hold whole numbers");
        }
        return values;
    }

    /** The same content under another shape of as many elements. */
    public Array reshape(long... other) {
        if (elements(other) != elements()) {
            throw new IllegalArgumentException(this + " does not fit shape " + Arrays.toString(other));
        }
        return new Array(type, other, bytes, strings, origin);
    }

    /** The same array, whose bytes can also be read from where they lie. */
    public Array from(Origin place) {
        return new Array(type, shape, bytes, strings, Optional.of(place));
    }

    private void require(ElementType expected) {
        if (type != expected) {
            throw new IllegalStateException("The array holds " + type.text() + ", not " + expected.text());
        }
    }

    private static long elements(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("Shape " + Arrays.toString(shape) + " has a negative size");
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /** Equal type, shape and bytes. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Array that
                        && type == that.type
                        && Arrays.equals(shape, that.shape)
                        && strings.equals(that.strings)
                        && bytes().equals(that.bytes());
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, Arrays.hashCode(shape));
    }

    /** Type and shape, for example {@code float[3,4]}. */
    @Override
    public String toString() {
        return type.text() + Arrays.toString(shape).replace(" ", "");
    }
}
