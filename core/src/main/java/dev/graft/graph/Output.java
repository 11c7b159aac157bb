package dev.graft.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One message in protobuf's wire format, being written.
 *
 * <p>Fields come in the order of their numbers, as protobuf's own writers put them, so what a record does not name is
 * slipped in where its number belongs. Payloads of some size are held, not copied.
 */
final class Output {
    private static final int COPIED = 1024;

    private final List<Extras.Field> extras;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private byte[] scratch = new byte[64];
    private int used;
    private int nextExtra;
    private long size;

    /** A message that will hold these fields besides what is written to it. */
    Output(Extras extras) {
        this.extras = extras.fields();
    }

    /** A whole number; nothing where it is 0. */
    Output wholeIfSet(int number, long value) {
        return value == 0 ? this : whole(number, value);
    }

    Output whole(int number, long value) {
        start(number, Wire.VARINT);
        varint(value);
        return this;
    }

    Output real(int number, float value) {
        start(number, Wire.FIXED32);
        int bits = Float.floatToRawIntBits(value);
        for (int shift = 0; shift < 32; shift += 8) {
            put((byte) (bits >>> shift));
        }
        return this;
    }

    /** A text; nothing where it is empty. */
    Output text(int number, String value) {
        return value.isEmpty() ? this : textAlways(number, value);
    }

    Output textAlways(int number, String value) {
        return bytes(number, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    Output bytes(int number, ByteBuffer value) {
        start(number, Wire.BYTES);
        varint(value.remaining());
        append(value);
        return this;
    }

    Output message(int number, Output message) {
        message.finish();
        start(number, Wire.BYTES);
        varint(message.size);
        message.pieces.forEach(this::append);
        return this;
    }

    /** A field as it came. */
    Output raw(Extras.Field field) {
        before(field.number());
        append(field.content());
        return this;
    }

    /** The bytes of the message. */
    long size() {
        finish();
        return size;
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        finish();
        for (ByteBuffer piece : pieces) {
            ByteBuffer rest = piece.duplicate();
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /** The message as the payload of a field, for {@link Extras}. */
    Extras.Field asField(int number) {
        Output around = new Output(Extras.NONE).message(number, this);
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(around.size())).order(ByteOrder.LITTLE_ENDIAN);
        around.pieces.forEach(piece -> all.put(piece.duplicate()));
        return new Extras.Field(number, all.flip().asReadOnlyBuffer());
    }

    private void start(int number, int kind) {
        before(number);
        varint((long) number << 3 | kind);
    }

    /** Writes what was kept of lower fields, and drops what was kept of this one. */
    private void before(int number) {
        while (nextExtra < extras.size() && extras.get(nextExtra).number() <= number) {
            Extras.Field extra = extras.get(nextExtra++);
            if (extra.number() < number) {
                append(extra.content());
            }
        }
    }

    private void finish() {
        while (nextExtra < extras.size()) {
            append(extras.get(nextExtra++).content());
        }
        flush();
    }

    private void append(ByteBuffer bytes) {
        if (bytes.remaining() < COPIED) {
            int length = bytes.remaining();
            reserve(length);
            bytes.duplicate().get(scratch, used, length);
            used += length;
            size += length;
        } else {
            flush();
            pieces.add(bytes.duplicate());
            size += bytes.remaining();
        }
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        put((byte) rest);
    }

    private void put(byte value) {
        reserve(1);
        scratch[used++] = value;
        size++;
    }

    private void reserve(int more) {
        if (used + more > scratch.length) {
            scratch = Arrays.copyOf(scratch, Math.max(used + more, scratch.length * 2));
        }
    }

    private void flush() {
        if (used > 0) {
            pieces.add(ByteBuffer.wrap(Arrays.copyOf(scratch, used)));
            used = 0;
        }
    }
}
