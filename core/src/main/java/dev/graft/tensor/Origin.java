package dev.graft.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an array's bytes can be read from, beside the buffer that shows them. */
@FunctionalInterface
public interface Origin {
    /**
     * Fills a buffer with all bytes of the array.
     *
     * @param target with room for exactly these
     * @throws IOException if they cannot be read, or are no longer what the buffer shows
     */
    void read(ByteBuffer target) throws IOException;
}
