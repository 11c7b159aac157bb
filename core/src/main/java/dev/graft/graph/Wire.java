package dev.graft.graph;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * One message in protobuf's wire format, read field by field where it lies.
 *
 * <p>Nothing here trusts the bytes: every length is held against what the message around it has left, and messages nest
 * no deeper than protobuf's own limit of 100.
 *
 * <p>Source: protobuf.dev, "Encoding".
 */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;
    private static final int DEEPEST = 100;

    private final Content content;
    private final long end;
    private final int depth;
    private long position;
    private long fieldStart;
    private long payloadStart;
    private long payloadEnd;
    private int number;
    private int kind;
    private long whole;

    private Wire(Content content, long start, long end, int depth) {
        this.content = content;
        this.position = start;
        this.end = end;
        this.depth = depth;
    }

    static Wire of(Content content) {
        return new Wire(content, 0, content.size(), 0);
    }

    /** The message that is the payload of a single field, tag included, as {@link Extras} keeps it. */
    static Wire payload(Extras.Field field) {
        var around = of(Content.of(field.content(), "a kept field"));
        around.next();
        return around.message();
    }

    /** Moves to the next field, or says that there is none. */
    boolean next() {
        if (position == end) {
            return false;
        }
        fieldStart = position;
        long tag = varint();
        number = (int) (tag >>> 3);
        kind = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 3 >= 1 << 29) {
            throw damaged("a field number " + (tag >>> 3) + " that cannot be");
        }
        payloadStart = position;
        switch (kind) {
            case VARINT -> whole = varint();
            case FIXED64 -> skip(8);
            case FIXED32 -> skip(4);
            case BYTES -> {
                long length = varint();
                payloadStart = position;
                skip(length);
            }
            default -> throw damaged("a field of kind " + kind + ", which ONNX files do not have");
        }
        payloadEnd = position;
        return true;
    }

    private void skip(long length) {
        if (length < 0 || length > end - position) {
            throw damaged(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + (end - position) + " are left");
        }
        position += length;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == end) {
                throw damaged("a number that is cut off");
            }
            byte part = content.at(position++);
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    /** The current field's number. */
    int number() {
        return number;
    }

    /** Whether the current field has this wire kind. */
    boolean is(int someKind) {
        return kind == someKind;
    }

    /** The current field's whole number. */
    long whole() {
        require(VARINT);
        return whole;
    }

    /** The current field's float32. */
    float real() {
        require(FIXED32);
        return content.slice(payloadStart, 4).getFloat();
    }

    /** The current field's bytes, not copied. */
    ByteBuffer bytes() {
        require(BYTES);
        return content.slice(payloadStart, payloadEnd - payloadStart);
    }

    /** The current field's bytes where they lie. */
    Extent extent() {
        require(BYTES);
        return content.extent(payloadStart, payloadEnd - payloadStart);
    }

    /** The current field's text. */
    String text() {
        try {
            return decode(bytes());
        } catch (CharacterCodingException e) {
            throw damaged("a name that is no UTF-8 text");
        }
    }

    static String decode(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }

    /** The current field as a message. */
    Wire message() {
        require(BYTES);
        if (depth == DEEPEST) {
            throw damaged("messages nested more than " + DEEPEST + " deep");
        }
        return new Wire(content, payloadStart, payloadEnd, depth + 1);
    }

    /** The current field with its tag, as it stands. */
    Extras.Field raw() {
        return new Extras.Field(number, content.slice(fieldStart, payloadEnd - fieldStart));
    }

    /** The whole numbers of a repeated field, whether packed or not. */
    void wholes(LongConsumer consumer) {
        if (kind == VARINT) {
            consumer.accept(whole);
            return;
        }
        require(BYTES);
        Wire packed = new Wire(content, payloadStart, payloadEnd, depth);
        while (packed.position < packed.end) {
            consumer.accept(packed.varint());
        }
    }

    /** The payload of a repeated fixed-width field, whether packed or not; its size is a multiple of the width. */
    ByteBuffer fixed(int width) {
        if (kind != (width == 4 ? FIXED32 : FIXED64)) {
            require(BYTES);
        }
        if ((payloadEnd - payloadStart) % width != 0) {
            throw damaged("a list of " + width + "-byte numbers in " + (payloadEnd - payloadStart) + " bytes");
        }
        return content.slice(payloadStart, payloadEnd - payloadStart);
    }

    private void require(int expected) {
        if (kind != expected) {
            throw damaged("field " + number + " with wire kind " + kind + " instead of " + expected);
        }
    }

    /** The error for bytes that cannot be. */
    GraphException damaged(String what) {
        return new GraphException(content.source() + " is no valid ONNX file: " + what + ", at byte " + fieldStart
                + " of " + content.size() + "; fetch or export it again");
    }

    /** The error for a model that cannot be used. */
    GraphException wrong(String what) {
        return new GraphException(where(what));
    }

    /** How messages name the file. */
    String source() {
        return content.source();
    }

    /** How messages name a thing in this file. */
    String where(String what) {
        return content.source() + ": " + what;
    }
}
