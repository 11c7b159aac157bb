package dev.graft.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Locks between processes, and between the threads of this one. */
final class FileLocks {
    /** The system refuses a second lock of one process on one file, so threads take turns here first. */
    private static final Object THREADS = new Object();

    /** Something that is done while a lock is held. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private FileLocks() {}

    static void holding(Path file, Action action) throws IOException {
        Files.createDirectories(file.getParent());
        synchronized (THREADS) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                assert lock.isValid();
                action.run();
            }
        }
    }
}
