package dev.graft;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files and folders that appear whole or not at all.
 *
 * <p>Everything is written beside its place under a hidden name, forced to disk, and moved there in one step. When the
 * writing fails, what was written aside is removed and what stood in the place before is untouched. Parent folders
 * are made. A failure of the disk is a {@link GraftException} that names the file and the free space.
 */
public final class SafeFile {
    private SafeFile() {}

    /** Writes a file's bytes to a stream. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Fills the path it is given: writes a file there, or files into the folder there. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path aside) throws IOException;
    }

    /** Writes a file through a buffered stream, replacing what is there. */
    public static void write(Path file, Content content) {
        fill(file, aside -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside), 1 << 16)) {
                content.writeTo(out);
            }
        });
    }

    /** Writes a text file in UTF-8, replacing what is there. */
    public static void write(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a file by whatever means need a path, replacing what is there. */
    public static void fill(Path file, Filling filling) {
        placing(file, aside -> {
            filling.fill(aside);
            force(aside);
            move(aside, file);
        });
    }

    /**
     * Fills a new folder.
     *
     * @throws InputException if there is something at the place already, other than an empty folder
     */
    public static void fillFolder(Path folder, Filling filling) {
        refuseOccupied(folder);
        placing(folder, aside -> {
            Files.createDirectory(aside);
            filling.fill(aside);
            forceAll(aside);
            moveFolder(aside, folder);
        });
    }

    /**
     * Fills a folder beside one that stands there, and lets it take its place.
     *
     * @throws GraftException if the disk refuses; then the old folder stands as it stood
     */
    public static void replaceFolder(Path folder, Filling filling) {
        String mark = "." + folder.toAbsolutePath().getFileName() + "." + UUID.randomUUID();
        Path fresh = folder.toAbsolutePath().resolveSibling(mark + ".new");
        Path old = folder.toAbsolutePath().resolveSibling(mark + ".old");
        fillFolder(fresh, filling);
        try {
            Files.move(folder, old);
            Files.move(fresh, folder);
            delete(old);
        } catch (IOException e) {
            throw new GraftException(
                    "What was written cannot take the place of " + folder + ": " + e.getMessage() + "; it stands in "
                            + fresh + ", the old one in " + (Files.exists(old) ? old : folder),
                    e);
        }
    }

    /**
     * Refuses a place for a new folder that holds something already.
     *
     * @throws InputException if so
     */
    public static void refuseOccupied(Path folder) {
        if (Files.exists(folder) && !isEmptyFolder(folder)) {
            throw occupied(folder);
        }
    }

    /**
     * Refuses a place that nothing can be written to, so that long work is not done in vain.
     *
     * @throws InputException if so
     */
    public static void requireWritable(Path place) {
        Path existing = place.toAbsolutePath().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            throw new InputException("Cannot write to " + place + ": it is the root of a file system");
        }
        if (!Files.isDirectory(existing)) {
            throw new InputException("Cannot write to " + place + ": " + existing + " is a file, not a folder");
        }
        try {
            Files.delete(Files.createTempFile(existing, ".graft-", ".part"));
        } catch (IOException refused) {
            throw new InputException(
                    "Cannot write to " + place + ": the folder " + existing
                            + " takes no new files; choose another with --output",
                    refused);
        }
    }

    /** Removes a file, or a folder with all that is in it; nothing happens where there is none. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> found = Files.walk(path)) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void placing(Path place, Filling filling) {
        Path target = place.toAbsolutePath();
        Path parent = target.getParent();
        if (parent == null) {
            throw new InputException("Cannot write to " + place + ": it is the root of a file system");
        }
        Path aside = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(parent);
            filling.fill(aside);
            forceFolder(parent);
        } catch (IOException failure) {
            throw failed(place, failure);
        } catch (UncheckedIOException failure) {
            throw failed(place, new IOException(failure.getMessage(), failure));
        } finally {
            deleteQuietly(aside);
        }
    }

    private static void move(Path aside, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "a folder is in its place");
        }
        try {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void moveFolder(Path aside, Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException taken) {
            throw occupied(folder);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(aside, folder);
        }
    }

    private static void forceAll(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> all = found.toList();
            for (Path each : all) {
                if (Files.isRegularFile(each)) {
                    force(each);
                } else if (Files.isDirectory(each)) {
                    forceFolder(each);
                }
            }
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes a folder's entries durable where the system can; Windows does not open folders. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            return;
        }
    }

    private static boolean isEmptyFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static void deleteQuietly(Path aside) {
        try {
            delete(aside);
        } catch (IOException left) {
            aside.toFile().deleteOnExit();
        }
    }

    private static InputException occupied(Path folder) {
        return new InputException(
                "The output folder " + folder + " is there already; remove it, or choose another with --output");
    }

    private static GraftException failed(Path place, IOException failure) {
        String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return new GraftException(
                "Cannot write " + place + ": " + reason + freeSpace(place)
                        + ". Free some space, or choose a place that can be written to",
                failure);
    }

    private static String freeSpace(Path place) {
        try {
            Path existing = place.toAbsolutePath();
            while (existing != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (existing == null) {
                return "";
            }
            return " (" + (Files.getFileStore(existing).getUsableSpace() >> 20) + " MB free there)";
        } catch (IOException unknown) {
            return "";
        }
    }
}
