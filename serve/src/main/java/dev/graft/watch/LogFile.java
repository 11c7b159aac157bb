package dev.graft.watch;

import dev.graft.InputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where lines are written: standard error, or a file that is moved aside when it is full: {@code FILE} to
 * {@code FILE.1}, that to {@code FILE.2}, and so on.
 */
final class LogFile {
    private final Optional<Path> file;
    private final long mostBytes;
    private final int oldFiles;
    private Optional<FileChannel> channel = Optional.empty();
    private long size;

    private LogFile(LogSettings settings) {
        this.file = settings.file();
        this.mostBytes = settings.mostBytes();
        this.oldFiles = settings.oldFiles();
    }

    /** @throws InputException if the file cannot be opened */
    static LogFile open(LogSettings settings) {
        var log = new LogFile(settings);
        try {
            log.channel();
            return log;
        } catch (IOException e) {
            throw new InputException(
                    "The log cannot be written to "
                            + settings.file().map(Path::toString).orElse("standard error") + ": " + reason(e)
                            + "; name another file with --log-file",
                    e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    /**
     * Writes whole lines, or none of them: what was written in part is taken back.
     *
     * @throws IOException if they cannot be written; the next write begins by opening the file again
     */
    void write(byte[] lines) throws IOException {
        if (file.isPresent() && size > 0 && size + lines.length > mostBytes) {
            moveAside(file.get());
        }
        FileChannel open = channel();
        try {
            ByteBuffer left = ByteBuffer.wrap(lines);
            while (left.hasRemaining()) {
                open.write(left);
            }
            size += lines.length;
        } catch (IOException e) {
            takeBack(open);
            throw e;
        }
    }

    private void takeBack(FileChannel open) {
        if (file.isEmpty()) {
            return;
        }
        try (open) {
            open.truncate(size);
        } catch (IOException e) {
            // the write that failed is what is told
        }
        channel = Optional.empty();
    }

    private FileChannel channel() throws IOException {
        if (channel.isEmpty()) {
            channel = Optional.of(file.isPresent() ? append(file.get()) : standardError());
        }
        return channel.get();
    }

    private FileChannel append(Path path) throws IOException {
        FileChannel opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = opened.size();
        return opened;
    }

    @SuppressWarnings("resource") // standard error is not this class's to close
    private static FileChannel standardError() {
        return new FileOutputStream(FileDescriptor.err).getChannel();
    }

    private void moveAside(Path path) throws IOException {
        close();
        if (oldFiles == 0) {
            Files.deleteIfExists(path);
        }
        for (int number = oldFiles; number >= 1; number--) {
            Path from = number == 1 ? path : numbered(path, number - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(path, number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Closes the file; the next write opens it again. */
    void close() {
        if (file.isPresent() && channel.isPresent()) {
            try {
                channel.get().close();
            } catch (IOException e) {
                // what was written is written
            }
            channel = Optional.empty();
        }
    }
}
