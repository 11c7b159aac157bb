package dev.graft.hub;

import dev.graft.GraftException;
import dev.graft.SafeFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One repository's part of Hugging Face's cache, so that Python and Graft share what either has downloaded.
 *
 * <pre>
 * models--owner--name/refs/main              the commit that a branch or tag stands at
 * models--owner--name/snapshots/COMMIT/file  a link to
 * models--owner--name/blobs/ETAG             the content
 * </pre>
 */
final class HuggingFaceCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final Path hub;
    private final Path repository;

    HuggingFaceCache(Path hub, RepositoryName name) {
        this.hub = hub;
        this.repository = hub.resolve(name.folder());
    }

    /** The folder of the version that a revision stands at, if it is here. */
    Optional<Path> snapshot(String revision) {
        return commit(revision).map(this::folder).filter(Files::isDirectory);
    }

    private Optional<String> commit(String revision) {
        Path reference = repository.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(reference)) {
            return Optional.of(revision).filter(HuggingFaceCache::isCommit);
        }
        try {
            return Optional.of(Files.readString(reference).strip()).filter(HuggingFaceCache::isCommit);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** The folder of one version. */
    Path folder(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    /** Downloads a file unless its content is here already, and links it into its snapshot. */
    void add(RemoteFile file, HuggingFaceClient client) {
        Path blob = repository.resolve("blobs").resolve(file.etag());
        Path lock = hub.resolve(".locks")
                .resolve(repository.getFileName().toString())
                .resolve(file.etag() + ".lock");
        try {
            Files.createDirectories(blob.getParent());
            FileLocks.holding(lock, () -> {
                if (!Files.isRegularFile(blob)) {
                    client.download(file, blob);
                }
            });
            link(folder(file.commit()), file.path(), blob);
        } catch (IOException e) {
            throw new GraftException(
                    "Cannot write to Hugging Face's cache " + hub + ": " + e.getMessage()
                            + "; free some space, or set HF_HOME to another folder",
                    e);
        }
    }

    private static void link(Path snapshot, String path, Path blob) throws IOException {
        Path pointer = snapshot.resolve(path);
        Path parent = path.contains("/") ? snapshot.resolve(path.substring(0, path.lastIndexOf('/'))) : snapshot;
        Files.createDirectories(parent);
        if (Files.exists(pointer)) {
            return;
        }
        try {
            Files.createSymbolicLink(pointer, parent.relativize(blob));
        } catch (FileAlreadyExistsException linkedMeanwhile) {
            return;
        } catch (UnsupportedOperationException | IOException noLinks) {
            SafeFile.fill(pointer, aside -> Files.copy(blob, aside));
        }
    }

    /** Records the commit that a revision stands at. */
    void point(String revision, String commit) {
        if (!isCommit(revision)) {
            SafeFile.write(repository.resolve("refs").resolve(revision), commit);
        }
    }
}
