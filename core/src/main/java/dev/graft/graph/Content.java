package dev.graft.graph;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Bytes that are looked at where they lie, more of them than one buffer can address.
 *
 * <p>A file is mapped in windows; a slice that crosses a window's edge is mapped by itself. Nothing is copied.
 */
final class Content implements Closeable {
    private static final int WINDOW_BITS = 30;

    /** To look at fewer bytes costs less than to open their file. */
    private static final long WORTH_READING = 64 << 10;

    private final String source;
    private final long size;
    private final int windowBits;
    private final ByteBuffer[] windows;
    private final Mapping mapping;
    private final Closeable channel;
    private final Optional<ModelFile> file;

    private Content(
            String source, long size, int windowBits, Mapping mapping, Closeable channel, Optional<ModelFile> file)
            throws IOException {
        this.source = source;
        this.size = size;
        this.windowBits = windowBits;
        this.mapping = mapping;
        this.channel = channel;
        this.file = file;
        long window = 1L << windowBits;
        this.windows = new ByteBuffer[Math.toIntExact((size + window - 1) / window)];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = mapping.map(i * window, Math.min(window, size - i * window));
        }
    }

    /** A file's content, mapped; slices stay valid after closing. */
    static Content of(Path file, String source) throws IOException {
        return of(file, source, WINDOW_BITS);
    }

    static Content of(Path file, String source, int windowBits) throws IOException {
        ModelFile before = ModelFile.of(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            boolean same = ModelFile.of(file).equals(before);
            return new Content(
                    source,
                    channel.size(),
                    windowBits,
                    (offset, length) -> channel.map(MapMode.READ_ONLY, offset, length),
                    channel,
                    same ? Optional.of(before) : Optional.empty());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The remaining bytes of a buffer. */
    static Content of(ByteBuffer bytes, String source) {
        ByteBuffer whole = bytes.slice().asReadOnlyBuffer();
        Mapping mapping = (offset, length) -> whole.slice(Math.toIntExact(offset), Math.toIntExact(length));
        try {
            return new Content(source, whole.remaining(), WINDOW_BITS, mapping, () -> {}, Optional.empty());
        } catch (IOException e) {
            throw unmapped(source, e);
        }
    }

    /** How messages name where the bytes come from. */
    String source() {
        return source;
    }

    long size() {
        return size;
    }

    byte at(long position) {
        return windows[(int) (position >>> windowBits)].get((int) (position & ((1L << windowBits) - 1)));
    }

    /** A read-only little-endian view of bytes that lie within the content. */
    ByteBuffer slice(long position, long length) {
        if (position < 0 || length < 0 || position > size - length) {
            throw new GraphException(source + " ends at byte " + size + ", but " + length + " bytes at " + position
                    + " are asked for; the file is cut short or damaged: fetch or export it again");
        }
        if (length > Integer.MAX_VALUE) {
            throw new GraphException(source + " holds one piece of " + length + " bytes at " + position + "; at most "
                    + Integer.MAX_VALUE + " are supported: split the weight");
        }
        if (length == 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        return piece(position, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What {@link #slice} gives, and how to read it. */
    Extent extent(long position, long length) {
        ByteBuffer bytes = slice(position, length);
        return new Extent(bytes, length < WORTH_READING ? Optional.empty() : file.map(whole -> whole.at(position)));
    }

    private ByteBuffer piece(long position, long length) {
        int window = (int) (position >>> windowBits);
        if ((position + length - 1) >>> windowBits == window) {
            return windows[window].slice((int) (position & ((1L << windowBits) - 1)), (int) length);
        }
        try {
            return mapping.map(position, length);
        } catch (IOException e) {
            throw unmapped(source, e);
        }
    }

    private static GraphException unmapped(String source, IOException cause) {
        return new GraphException(
                source + " cannot be mapped into memory: " + cause.getMessage() + "; check that the file can be read",
                cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Where a piece of the content comes from. */
    @FunctionalInterface
    private interface Mapping {
        ByteBuffer map(long offset, long length) throws IOException;
    }
}
