package dev.graft.serve;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batch jobs on disk, a folder a job: {@code job.json}, the file that came, the result. */
final class JobStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);
    private static final String RECORD = "job.json";
    private static final int LARGEST_RECORD = 1 << 20;

    private final boolean temporary;
    private final DiskSpace space;
    private Optional<Path> root = Optional.empty();
    private Optional<FileChannel> lock = Optional.empty();

    /**
     * A store; a folder that is not given is made when the first job comes.
     *
     * @throws InputException if another server uses the folder, or nothing can be written there
     */
    JobStore(JobSettings settings) {
        this.temporary = settings.folder().isEmpty();
        this.space = new DiskSpace(settings.maxBytes());
        settings.folder().ifPresent(this::open);
    }

    private void open(Path folder) {
        SafeFile.requireWritable(folder.resolve(RECORD));
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = Optional.of(channel);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(folder);
            }
        } catch (java.nio.channels.OverlappingFileLockException e) {
            throw inUse(folder);
        } catch (IOException e) {
            throw new InputException("--jobs-dir " + folder + " cannot be used: " + e, e);
        }
        root = Optional.of(folder);
    }

    private static InputException inUse(Path folder) {
        return new InputException("Another server uses --jobs-dir " + folder + "; give each its own");
    }

    private synchronized Path root() {
        if (root.isEmpty()) {
            try {
                root = Optional.of(Files.createTempDirectory("graft-jobs-"));
            } catch (IOException e) {
                throw new GraftException("There is no place for the files of jobs; name one with --jobs-dir: " + e, e);
            }
        }
        return root.get();
    }

    DiskSpace space() {
        return space;
    }

    Path file(String id, String name) {
        return root().resolve(id).resolve(name);
    }

    /** The jobs of the server that used the folder before, oldest first; what it had not finished writing goes. */
    List<JobRecord> found() {
        var records = new ArrayList<JobRecord>();
        if (root.isPresent()) {
            for (Path folder : folders(root.get())) {
                if (folder.getFileName().toString().endsWith(".part")) {
                    deleteQuietly(folder);
                } else if (Files.isDirectory(folder)) {
                    read(folder).ifPresent(records::add);
                }
            }
        }
        records.sort(Comparator.comparing(JobRecord::created));
        return records;
    }

    private Optional<JobRecord> read(Path folder) {
        try {
            JobRecord record = Json.read(folder.resolve(RECORD), JobRecord.class, LARGEST_RECORD);
            if (!record.id().equals(folder.getFileName().toString())) {
                throw new InputException(folder + " holds the job " + record.id());
            }
            space.found(bytes(folder));
            return Optional.of(record);
        } catch (InputException e) {
            LOG.warn("A folder of --jobs-dir is left alone: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Path> folders(Path root) {
        try (Stream<Path> found = Files.list(root)) {
            return found.toList();
        } catch (IOException e) {
            throw new InputException("--jobs-dir " + root + " cannot be read: " + e, e);
        }
    }

    /** Fills the folder of a new job. */
    interface Filling {
        /** Writes the job's file into a folder, and tells what is known of it. */
        JobRecord fill(Path folder) throws IOException;
    }

    /**
     * Takes a job in, whole or not at all.
     *
     * @throws Problem if it is not what it must be, or the disk does not take it
     */
    JobRecord add(String id, Filling filling) {
        var filled = new AtomicReference<JobRecord>();
        try {
            SafeFile.fillFolder(root().resolve(id), folder -> {
                JobRecord record = filling.fill(folder);
                Files.writeString(folder.resolve(RECORD), Json.text(record));
                filled.set(record);
            });
            return Objects.requireNonNull(filled.get());
        } catch (Problem problem) {
            throw problem;
        } catch (GraftException e) {
            LOG.error("The file of a job cannot be written", e);
            throw new Problem(Problem.Type.NO_SPACE, "The server's disk does not take the file");
        }
    }

    /** Keeps what is known of a job. */
    void save(JobRecord record) {
        SafeFile.write(file(record.id(), RECORD), Json.text(record));
    }

    /** Removes a job with its files. */
    void delete(String id) {
        Path folder = root().resolve(id);
        space.give(bytes(folder));
        deleteQuietly(folder);
    }

    /** The bytes of a job's file and result; what is known of it is not counted. */
    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().equals(RECORD))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            SafeFile.delete(folder);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", folder, e.toString());
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of --jobs-dir cannot be given up: {}", e.toString());
        }
        if (temporary) {
            root.ifPresent(JobStore::deleteQuietly);
        }
    }
}
