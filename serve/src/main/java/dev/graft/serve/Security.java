package dev.graft.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who may ask a server, how often, and over what kind of connection. The files are read again when they change.
 *
 * @param apiKeyFile keys of those who may ask, as {@code docs/guide/secure.md} describes; empty lets everyone in
 * @param rateLimit requests a second for each key, or for each address where there are no keys; 0 for no limit
 * @param openMetrics whether {@code /metrics} needs no key
 * @param tls empty for connections without TLS
 * @param maxConnections connections that are open at one time; more are closed at once
 * @param patience how long a client may take from the first byte of a request to the end of its headers
 * @param notices told in a sentence when a file was read again, or was refused
 */
public record Security(
        Optional<Path> apiKeyFile,
        double rateLimit,
        boolean openMetrics,
        Optional<TlsFiles> tls,
        int maxConnections,
        Duration patience,
        Consumer<String> notices) {
    /** Everyone may ask, without TLS, over 10,000 connections at one time. */
    public static final Security NONE =
            new Security(Optional.empty(), 0, false, Optional.empty(), 10_000, Duration.ofSeconds(15), notice -> {});

    public Security {
        if (rateLimit < 0 || Double.isNaN(rateLimit) || maxConnections < 1) {
            throw new IllegalArgumentException("A number is out of range");
        }
    }
}
