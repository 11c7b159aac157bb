package dev.graft.train;

import dev.graft.Cache;
import dev.graft.SafeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the activations of frozen prefixes are kept between runs: a folder for each, of which the least recently used go
 * when there are too many.
 *
 * @param folder made when the first is written
 * @param bytes that all may have together; 0 keeps none
 */
public record FeatureCache(Path folder, long bytes) {
    private static final long USUAL = 4L << 30;

    /** The cache in Graft's cache folder, of 4 GB. */
    public static FeatureCache standard() {
        return new FeatureCache(Cache.folder().resolve("features"), USUAL);
    }

    /** This cache with another bound. */
    public FeatureCache withBytes(long other) {
        return new FeatureCache(folder, other);
    }

    /** Whether features of a size are kept at all. */
    boolean takes(long size) {
        return size <= bytes;
    }

    /** The folder of a key, marked as used now; the others make room for its size. */
    Path use(String key, long size) throws IOException {
        Path own = folder.resolve(key);
        Files.createDirectories(own);
        Files.setLastModifiedTime(own, FileTime.from(Instant.now()));
        makeRoom(own, size);
        return own;
    }

    private void makeRoom(Path own, long size) throws IOException {
        List<Entry> others = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path other : folders.filter(path -> !path.equals(own)).toList()) {
                others.add(new Entry(other, Files.getLastModifiedTime(other), size(other)));
            }
        }
        others.sort(Comparator.comparing(Entry::used));
        long room = bytes - size - others.stream().mapToLong(Entry::size).sum();
        for (Entry other : others) {
            if (room >= 0) {
                return;
            }
            SafeFile.delete(other.folder());
            room += other.size();
        }
    }

    private record Entry(Path folder, FileTime used, long size) {}

    private static long size(Path folder) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }
}
