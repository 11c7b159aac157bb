package dev.graft.serve;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What files say: read again when they change; where they are refused, what they said before stays in force. */
final class Reloaded<T> implements Supplier<T> {
    private final List<Path> files;
    private final Supplier<T> reader;
    private final Consumer<String> notices;
    private volatile T value;
    private List<Stamp> read;
    private List<Stamp> seen;

    /** What tells one state of a file from another; symbolic links are followed, as volumes of Kubernetes are made of them. */
    private record Stamp(FileTime modified, long size, String file) {
        private static final Stamp ABSENT = new Stamp(FileTime.fromMillis(0), -1, "");

        static Stamp of(Path file) {
            try {
                var now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
            } catch (IOException absent) {
                return ABSENT;
            }
        }
    }

    /**
     * Reads the files for the first time.
     *
     * @param reader throws an {@link dev.graft.InputException} or {@link GraftException} where it refuses the files
     */
    Reloaded(List<Path> files, Supplier<T> reader, Consumer<String> notices) {
        this.files = files;
        this.reader = reader;
        this.notices = notices;
        this.read = stamps();
        this.seen = read;
        this.value = reader.get();
    }

    @Override
    public T get() {
        return value;
    }

    /** Looks at the files, and reads them if they changed and have not changed since the look before. */
    synchronized void look() {
        List<Stamp> now = stamps();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(read)) {
            return;
        }
        read = now;
        try {
            value = reader.get();
            notices.accept("read again: " + files);
        } catch (GraftException refused) {
            notices.accept(refused.getMessage() + "; what was read before stays in force");
        }
    }

    private List<Stamp> stamps() {
        return files.stream().map(Stamp::of).toList();
    }
}
