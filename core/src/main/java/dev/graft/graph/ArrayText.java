package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text form of arrays: type, shape, and the elements of small ones. */
final class ArrayText {
    static final String ELIDED = "...";
    private static final long LARGEST_SHOWN = 16;

    private ArrayText() {}

    static String print(Array array) {
        return type(array) + " " + elements(array);
    }

    static String type(Array array) {
        return array.rank() == 0
                ? array.type().text()
                : array.type().text() + Arrays.toString(array.shape()).replace(" ", "");
    }

    static String elements(Array array) {
        if (array.elements() > LARGEST_SHOWN || !isWritten(array.type())) {
            return "{" + ELIDED + "}";
        }
        return IntStream.range(0, (int) array.elements())
                .mapToObj(i -> element(array, i))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Whether elements of this type have a form in text; others are elided. */
    static boolean isWritten(ElementType type) {
        return switch (type) {
            case FLOAT, DOUBLE, STRING, BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> true;
            default -> false;
        };
    }

    private static String element(Array array, int index) {
        ByteBuffer bytes = array.bytes();
        return switch (array.type()) {
            case FLOAT -> Words.real(bytes.getFloat(4 * index), Float.toString(bytes.getFloat(4 * index)));
            case DOUBLE -> Words.real(bytes.getDouble(8 * index), Double.toString(bytes.getDouble(8 * index)));
            case STRING -> Words.quoted(array.strings().get(index));
            case BOOL, INT8 -> Byte.toString(bytes.get(index));
            case UINT8 -> Integer.toString(Byte.toUnsignedInt(bytes.get(index)));
            case INT16 -> Short.toString(bytes.getShort(2 * index));
            case UINT16 -> Integer.toString(Short.toUnsignedInt(bytes.getShort(2 * index)));
            case INT32 -> Integer.toString(bytes.getInt(4 * index));
            case UINT32 -> Integer.toUnsignedString(bytes.getInt(4 * index));
            case UINT64 -> Long.toUnsignedString(bytes.getLong(8 * index));
            default -> Long.toString(bytes.getLong(8 * index));
        };
    }

    /** The array of written elements; empty if they do not fit the type. */
    static Optional<Array> parse(ElementType type, long[] shape, List<String> elements) {
        if (type == ElementType.STRING) {
            return Optional.of(Array.ofStrings(elements, shape));
        }
        int width = type.bits() / 8;
        ByteBuffer bytes = Array.allocate((long) width * elements.size());
        try {
            elements.forEach(element -> put(bytes, type, width, element));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.of(Array.of(type, shape, bytes.flip()));
    }

    private static void put(ByteBuffer to, ElementType type, int width, String element) {
        switch (type) {
            case FLOAT -> to.putFloat((float) real(element));
            case DOUBLE -> to.putDouble(real(element));
            case UINT64 -> to.putLong(Long.parseUnsignedLong(element));
            default -> {
                long value = Long.parseLong(element);
                for (int i = 0; i < width; i++) {
                    to.put((byte) (value >>> (8 * i)));
                }
            }
        }
    }

    static double real(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
