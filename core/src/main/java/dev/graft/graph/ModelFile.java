package dev.graft.graph;

import dev.graft.tensor.Origin;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was mapped: read again only as long as its path leads to the same, unchanged one.
 *
 * @param key by which the file system knows it
 */
record ModelFile(Path path, @Nullable Object key, FileTime modified, long size) {
    static ModelFile of(Path path) throws IOException {
        BasicFileAttributes present = Files.readAttributes(path, BasicFileAttributes.class);
        return new ModelFile(path, present.fileKey(), present.lastModifiedTime(), present.size());
    }

    /** Bytes from a position on. */
    Origin at(long position) {
        return target -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (key == null || !Objects.equals(of(path), this)) {
                    throw new IOException("'" + path + "' is not the file that it was");
                }
                long next = position;
                while (target.hasRemaining()) {
                    int count = channel.read(target, next);
                    if (count < 0) {
                        throw new EOFException("'" + path + "' ends at byte " + next);
                    }
                    next += count;
                }
            }
        };
    }
}
