package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A file beside a model that takes the large arrays of a model too large for one protobuf file.
 *
 * <p>Each array begins at a multiple of {@value #ALIGNMENT} bytes, as the ONNX specification recommends for files that are
 * mapped into memory ("External data").
 */
final class WeightFile {
    private static final int ALIGNMENT = 4096;
    private static final long SMALLEST = 1024;

    private final String name;
    private final List<Array> arrays = new ArrayList<>();
    private long end;

    WeightFile(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Whether an array is worth a place here. */
    boolean takes(Array array) {
        return array.type() != ElementType.STRING && array.bytes().remaining() >= SMALLEST;
    }

    /** Gives an array its place and says in its tensor where that is. */
    Output place(Array array, Output tensor) {
        long offset = aligned(end);
        long length = array.bytes().remaining();
        arrays.add(array);
        end = offset + length;
        return tensor.message(TensorReader.EXTERNAL_ENTRIES, Entry.write("location", name))
                .message(TensorReader.EXTERNAL_ENTRIES, Entry.write("offset", Long.toString(offset)))
                .message(TensorReader.EXTERNAL_ENTRIES, Entry.write("length", Long.toString(length)))
                .whole(TensorReader.LOCATION, 1);
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        long position = 0;
        for (Array array : arrays) {
            put(channel, ByteBuffer.allocate((int) (aligned(position) - position)));
            put(channel, array.bytes());
            position = aligned(position) + array.bytes().remaining();
        }
    }

    private static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void put(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
