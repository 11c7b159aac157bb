package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fields of a {@code TensorProto} that hold elements by type: {@code float_data}, {@code int64_data} and so on. */
final class TypedData {
    private static final int FLOATS = 4;
    private static final int INT32S = 5;
    static final int STRINGS = 6;
    private static final int INT64S = 7;
    private static final int DOUBLES = 10;
    private static final int UINT64S = 11;

    private final List<ByteBuffer> floats = new ArrayList<>();
    private final List<ByteBuffer> doubles = new ArrayList<>();
    private final Numbers int32s = new Numbers();
    private final Numbers int64s = new Numbers();
    private final Numbers uint64s = new Numbers();
    private final List<String> strings = new ArrayList<>();
    private boolean malformed;

    void field(Wire wire) {
        switch (wire.number()) {
            case FLOATS -> floats.add(wire.fixed(4));
            case INT32S -> wire.wholes(int32s::add);
            case STRINGS -> strings.add(text(wire.bytes()));
            case INT64S -> wire.wholes(int64s::add);
            case DOUBLES -> doubles.add(wire.fixed(8));
            case UINT64S -> wire.wholes(uint64s::add);
            default -> {
                // Documentation and metadata: kept whole with the weight.
            }
        }
    }

    private String text(ByteBuffer bytes) {
        try {
            return Wire.decode(bytes.duplicate());
        } catch (CharacterCodingException e) {
            malformed = true;
            return StandardCharsets.UTF_8.decode(bytes).toString();
        }
    }

    /** Whether all strings are UTF-8 text, and there are some only where they are wanted. */
    boolean isPlainText(boolean wanted) {
        return !malformed && (wanted || strings.isEmpty());
    }

    Array strings(String owner, long[] shape, long elements) {
        count(owner, "string_data", elements, strings.size());
        return Array.ofStrings(strings, shape);
    }

    /** The elements as an array holds them. */
    ByteBuffer bytes(String owner, ElementType type, long elements, long expected) {
        return switch (type) {
            case FLOAT, COMPLEX64 -> joined(owner, floats, expected);
            case DOUBLE, COMPLEX128 -> joined(owner, doubles, expected);
            case INT64 -> packed(owner, "int64_data", int64s, elements, 8);
            case UINT64 -> packed(owner, "uint64_data", uint64s, elements, 8);
            case UINT32 -> packed(owner, "uint64_data", uint64s, elements, 4);
            case INT32 -> packed(owner, "int32_data", int32s, elements, 4);
            case INT16, UINT16, FLOAT16, BFLOAT16 -> packed(owner, "int32_data", int32s, elements, 2);
            default -> packed(owner, "int32_data", int32s, expected, 1);
        };
    }

    private static ByteBuffer joined(String owner, List<ByteBuffer> pieces, long expected) {
        if (pieces.size() == 1) {
            return pieces.get(0);
        }
        long size = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
        if (size != expected) {
            throw new GraphException(owner + " takes " + expected + " bytes by its shape, but the file holds " + size
                    + "; export the model again");
        }
        ByteBuffer all = Array.allocate(size);
        pieces.forEach(piece -> all.put(piece.duplicate()));
        return all.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer packed(String owner, String field, Numbers values, long elements, int width) {
        count(owner, field, elements, values.size());
        ByteBuffer all = Array.allocate((long) width * values.size());
        for (int i = 0; i < values.size(); i++) {
            switch (width) {
                case 1 -> all.put((byte) values.at(i));
                case 2 -> all.putShort((short) values.at(i));
                case 4 -> all.putInt((int) values.at(i));
                default -> all.putLong(values.at(i));
            }
        }
        return all.flip();
    }

    private static void count(String owner, String field, long expected, long found) {
        if (expected != found) {
            throw new GraphException(owner + " has " + expected + " elements by its shape, but the file holds " + found
                    + " in " + field + "; export the model again");
        }
    }
}
