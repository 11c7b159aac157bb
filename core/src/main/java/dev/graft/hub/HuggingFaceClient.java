package dev.graft.hub;

import dev.graft.GraftException;
import dev.graft.InputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Asks an endpoint for files as Hugging Face's own library does. */
final class HuggingFaceClient {
    private static final int MOST_REDIRECTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern ETAG = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private final HubSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    HuggingFaceClient(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * What the endpoint says of a file; empty where the repository does not hold it.
     *
     * @throws InputException if there is no such repository or revision, or it needs a token
     * @throws GraftException if the endpoint cannot be reached or asks to wait
     */
    Optional<RemoteFile> find(RepositoryName name, String path) {
        URI address = URI.create(settings.endpoint() + "/" + name.full() + "/resolve/"
                + name.revision().replace("/", "%2F") + "/" + path);
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            HttpResponse<Void> answer = head(name, address);
            Optional<URI> next = answer.headers().firstValue("location").map(address::resolve);
            if (answer.statusCode() == 404) {
                HubErrors.checkExists(name, answer.headers());
                return Optional.empty();
            }
            HubErrors.check(name.toString(), answer.statusCode(), answer.headers());
            boolean moved = answer.statusCode() / 100 == 3
                    && next.isPresent()
                    && answer.headers().firstValue("x-linked-etag").isEmpty();
            if (!moved) {
                return Optional.of(remote(name, path, next.orElse(address), answer.headers()));
            }
            address = next.get();
        }
        throw new GraftException(settings.endpoint() + " redirects " + name + " in a circle; try again later");
    }

    private HttpResponse<Void> head(RepositoryName name, URI address) {
        HttpRequest request = request(address)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE)
                .build();
        return new Patience(name.toString()).ask(() -> http.send(request, HttpResponse.BodyHandlers.discarding()));
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).header("User-Agent", "graft").header("Accept-Encoding", "identity");
        settings.token()
                .filter(token -> sameHost(address))
                .ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    private boolean sameHost(URI address) {
        return settings.endpoint().getScheme().equals(address.getScheme())
                && settings.endpoint().getAuthority().equals(address.getAuthority());
    }

    private RemoteFile remote(RepositoryName name, String path, URI location, HttpHeaders headers) {
        String commit = headers.firstValue("x-repo-commit").orElse("");
        String etag = headers.firstValue("x-linked-etag")
                .or(() -> headers.firstValue("etag"))
                .map(text -> text.replaceFirst("^W/", "").replace("\"", ""))
                .orElse("");
        OptionalLong size = headers.firstValueAsLong("x-linked-size");
        long length = size.isPresent()
                ? size.getAsLong()
                : headers.firstValueAsLong("content-length").orElse(-1);
        if (!HuggingFaceCache.isCommit(commit) || !ETAG.matcher(etag).matches() || length < 0) {
            throw new GraftException(settings.endpoint() + " does not answer as Hugging Face does for " + name + " ("
                    + path + "): commit '" + commit + "', digest '" + etag + "', size " + length
                    + "; check HF_ENDPOINT");
        }
        return new RemoteFile(path, commit, etag, length, location);
    }

    /**
     * Fetches a file's content, going on where an earlier try was cut.
     *
     * @throws GraftException if it cannot be fetched whole, or is not what its digest says
     */
    void download(RemoteFile file, Path target) throws IOException {
        new Download(http, this::request, file, target, settings.listener()).run();
    }
}
