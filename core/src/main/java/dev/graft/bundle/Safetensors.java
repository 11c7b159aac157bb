package dev.graft.bundle;

import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named arrays in one file, in Hugging Face's safetensors format.
 *
 * <p>Arrays that are read are mapped from the file, and those that are written go from their own buffers to the file:
 * neither passes through the heap. So a file that was read must not be changed in place; {@link #write} therefore never
 * writes over a file but beside it.
 *
 * <p>Source: the format's description in the safetensors repository (8 bytes length, JSON header, data without gaps).
 *
 * @param arrays by name, in the order of their data
 * @param metadata texts by name
 */
public record Safetensors(Map<String, Array> arrays, Map<String, String> metadata) {
    private static final int LENGTH_BYTES = 8;

    public Safetensors {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Maps a file.
     *
     * @throws InputException if it is not in the format; the message says where
     */
    public static Safetensors read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            SafetensorsHeader header = header(file, channel, size);
            long start = (long) LENGTH_BYTES + header.bytes();
            var arrays = new LinkedHashMap<String, Array>();
            for (var entry : header.entries().entrySet()) {
                SafetensorsHeader.Entry tensor = entry.getValue();
                ByteBuffer data = channel.map(
                        FileChannel.MapMode.READ_ONLY, start + tensor.begin(), tensor.end() - tensor.begin());
                arrays.put(entry.getKey(), Array.of(tensor.type(), tensor.shape(), data));
            }
            return new Safetensors(arrays, header.metadata());
        } catch (IOException e) {
            throw new InputException("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static SafetensorsHeader header(Path file, FileChannel channel, long size) throws IOException {
        if (size < LENGTH_BYTES) {
            throw new InputException(file + " has " + size + " bytes; a safetensors file has 8 at least");
        }
        ByteBuffer length = read(channel, 0, LENGTH_BYTES);
        long bytes = length.getLong();
        if (bytes < 2 || bytes > SafetensorsHeader.LONGEST || bytes > size - LENGTH_BYTES) {
            throw new InputException(file + " is no safetensors file, or is cut: its header would have " + bytes
                    + " bytes of the file's " + size + " (allowed are " + SafetensorsHeader.LONGEST + ")");
        }
        byte[] json = read(channel, LENGTH_BYTES, (int) bytes).array();
        return SafetensorsHeader.parse(json, file.toString(), size - LENGTH_BYTES - bytes);
    }

    private static ByteBuffer read(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ends early");
            }
        }
        return buffer.flip();
    }

    /**
     * Writes arrays to a file; a file of that name is replaced whole or not at all.
     *
     * @throws IllegalArgumentException if the format has no place for an array's element type
     */
    public static void write(Path file, Map<String, Array> arrays, Map<String, String> metadata) {
        byte[] header = SafetensorsHeader.text(arrays, metadata).getBytes(StandardCharsets.UTF_8);
        SafeFile.fill(file, aside -> {
            try (FileChannel channel =
                    FileChannel.open(aside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer start =
                        ByteBuffer.allocate(LENGTH_BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, start.putLong(header.length).put(header).flip());
                for (Array array : arrays.values()) {
                    writeFully(channel, array.bytes());
                }
            }
        });
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
