package dev.graft.hub;

import dev.graft.Digest;
import dev.graft.GraftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** One file on its way here; what has arrived is kept beside the target and gone on from. */
final class Download {
    /** Fruitless tries in a row after which the download ends. */
    private static final int TRIES = 4;

    private static final int CHUNK = 1 << 16;

    private final HttpClient http;
    private final Function<URI, HttpRequest.Builder> requests;
    private final RemoteFile file;
    private final Path target;
    private final Path incomplete;
    private final DownloadListener listener;

    Download(
            HttpClient http,
            Function<URI, HttpRequest.Builder> requests,
            RemoteFile file,
            Path target,
            DownloadListener listener) {
        this.http = http;
        this.requests = requests;
        this.file = file;
        this.target = target;
        this.incomplete = target.resolveSibling(target.getFileName() + ".incomplete");
        this.listener = listener;
    }

    void run() throws IOException {
        checkSpace();
        if (!Files.exists(incomplete)) {
            Files.createFile(incomplete);
        }
        int fruitless = 0;
        for (long had = arrived(); had != file.size(); ) {
            fetchFrom(had < file.size() ? had : 0);
            long has = arrived();
            fruitless = has > had ? 0 : fruitless + 1;
            if (fruitless == TRIES) {
                throw new GraftException("The download of " + file.path() + " was cut " + TRIES + " times at byte "
                        + has + " of " + file.size() + "; the same command goes on from there");
            }
            had = has;
        }
        checkDigest();
        force();
        Files.move(incomplete, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void checkSpace() throws IOException {
        long needed = file.size() - arrived();
        long free = Files.getFileStore(target.getParent()).getUsableSpace();
        if (needed > free) {
            throw new GraftException("The download of " + file.path() + " needs " + (needed >> 20) + " MiB, but "
                    + target.getParent() + " has " + (free >> 20) + " MiB free; free some space, or set HF_HOME to"
                    + " another folder");
        }
    }

    private long arrived() throws IOException {
        return Files.exists(incomplete) ? Files.size(incomplete) : 0;
    }

    private void fetchFrom(long position) throws IOException {
        HttpRequest.Builder request = requests.apply(file.location()).GET();
        if (position > 0) {
            request.header("Range", "bytes=" + position + "-");
        }
        HttpRequest ready = request.build();
        HttpResponse<InputStream> answer =
                new Patience(file.path()).ask(() -> http.send(ready, HttpResponse.BodyHandlers.ofInputStream()));
        try (InputStream body = answer.body()) {
            HubErrors.check(file.path(), answer.statusCode() / 100 == 3 ? 500 : answer.statusCode(), answer.headers());
            append(body, answer.statusCode() == 206 ? position : 0);
        }
    }

    /** Keeps what arrives; a cut is no error here, for the next round goes on from it. */
    private void append(InputStream body, long position) throws IOException {
        try (OutputStream out = Files.newOutputStream(
                incomplete,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                position > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] chunk = new byte[CHUNK];
            long done = position;
            for (int count = read(body, chunk); count >= 0 && done <= file.size(); count = read(body, chunk)) {
                out.write(chunk, 0, count);
                done += count;
                listener.progress(file.path(), done, file.size());
            }
        }
    }

    private static int read(InputStream body, byte[] chunk) {
        try {
            return body.read(chunk);
        } catch (IOException cut) {
            return -1;
        }
    }

    private void checkDigest() throws IOException {
        String digest = file.etag().length() == 64 ? Digest.of(incomplete) : GitDigest.of(incomplete);
        if (!digest.equals(file.etag())) {
            Files.delete(incomplete);
            throw new GraftException("The downloaded " + file.path() + " has the digest " + digest + ", expected is "
                    + file.etag() + "; it was removed, the same command fetches it again");
        }
    }

    private void force() throws IOException {
        try (FileChannel channel = FileChannel.open(incomplete, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
