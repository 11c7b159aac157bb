package dev.graft.serve;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of tensors as raw bytes: little-endian numbers; texts in UTF-8, each after its length in four bytes.
 *
 * <p>Source: the binary tensor data extension of the Open Inference Protocol, version 2.
 */
final class TensorBytes {
    private static final int LENGTH_BYTES = 4;

    private TensorBytes() {}

    /**
     * The array that bytes hold.
     *
     * @throws Problem if there are too many or too few, or texts that are not UTF-8
     */
    static Array read(String name, DataType type, long[] shape, int elements, ByteBuffer bytes) {
        ByteBuffer from = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (type == DataType.BYTES) {
            return Array.ofStrings(texts(name, elements, from), shape);
        }
        long expected = type.type().bytes(elements);
        if (from.remaining() != expected) {
            throw Problem.invalid("The tensor '" + Names.shown(name) + "' has " + from.remaining()
                    + " bytes, its shape asks for " + expected);
        }
        ByteBuffer own = Array.allocate(expected).put(from).flip();
        if (type == DataType.BOOL) {
            for (int i = 0; i < elements; i++) {
                if ((own.get(i) & ~1) != 0) {
                    throw Problem.invalid(
                            "The tensor '" + Names.shown(name) + "' holds a byte that is neither 0 nor 1");
                }
            }
        }
        return Array.of(type.type(), shape, own);
    }

    private static List<String> texts(String name, int elements, ByteBuffer from) {
        var texts = new ArrayList<String>();
        while (from.remaining() >= LENGTH_BYTES && texts.size() < elements) {
            int length = from.getInt();
            if (length < 0 || length > from.remaining()) {
                throw Problem.invalid("A text of the tensor '" + Names.shown(name) + "' is longer than what was sent");
            }
            texts.add(text(name, from.slice(from.position(), length)));
            from.position(from.position() + length);
        }
        if (texts.size() != elements || from.hasRemaining()) {
            throw Problem.invalid("The tensor '" + Names.shown(name) + "' does not hold the " + elements
                    + " texts that its shape asks for, each after its length in four bytes");
        }
        return texts;
    }

    /** A text in UTF-8. */
    static String text(String name, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw Problem.invalid("A text of the tensor '" + Names.shown(name) + "' is not UTF-8");
        }
    }

    /** The bytes of an answer's tensor. */
    static ByteBuffer write(Array array) {
        if (array.type() != ElementType.STRING) {
            return array.bytes();
        }
        List<byte[]> texts = array.strings().stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        int size = texts.stream().mapToInt(text -> LENGTH_BYTES + text.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(text -> bytes.putInt(text.length).put(text));
        return bytes.flip();
    }
}
