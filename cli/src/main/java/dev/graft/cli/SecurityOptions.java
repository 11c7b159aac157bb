package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.serve.Security;
import dev.graft.serve.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that say who may ask, how often, and over what kind of connection. */
final class SecurityOptions {
    @Option(
            names = "--api-key-file",
            paramLabel = "FILE.yaml",
            description = "Keys of those who may ask, 'name: key' in each line; read again when it changes.")
    @Nullable
    Path apiKeyFile;

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "Most requests a second of each key, or of each address where there are no keys; 0 for no"
                    + " limit (default: ${DEFAULT-VALUE}).")
    double rateLimit;

    @Option(names = "--open-metrics", description = "Let /metrics be read without a key.")
    boolean openMetrics;

    @Option(
            names = "--tls-certificate-file",
            paramLabel = "FILE.pem",
            description = "Certificate to speak TLS with, and its issuers; read again when it changes.")
    @Nullable
    Path tlsCertificateFile;

    @Option(
            names = "--tls-key-file",
            paramLabel = "FILE.pem",
            description = "Private key of that certificate, not encrypted.")
    @Nullable
    Path tlsKeyFile;

    @Option(
            names = "--tls-client-ca-file",
            paramLabel = "FILE.pem",
            description = "Certificates that a client's own must be issued by; without it clients need none.")
    @Nullable
    Path tlsClientCaFile;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Most connections that are open; more are closed at once (default: ${DEFAULT-VALUE}).")
    int maxConnections;

    /** What was asked for; {@code notices} hears when a file was read again. */
    Security security(Consumer<String> notices) {
        if (rateLimit < 0 || Double.isNaN(rateLimit)) {
            throw new InputException("--rate-limit must be 0 or more, not " + rateLimit);
        }
        if (maxConnections < 1) {
            throw new InputException("--max-connections must be 1 or more, not " + maxConnections);
        }
        return new Security(
                Optional.ofNullable(apiKeyFile),
                rateLimit,
                openMetrics,
                tls(),
                maxConnections,
                Security.NONE.patience(),
                notices);
    }

    private Optional<TlsFiles> tls() {
        if (tlsCertificateFile == null && tlsKeyFile == null) {
            if (tlsClientCaFile != null) {
                throw new InputException("--tls-client-ca-file needs --tls-certificate-file and --tls-key-file");
            }
            return Optional.empty();
        }
        if (tlsCertificateFile == null || tlsKeyFile == null) {
            throw new InputException("--tls-certificate-file and --tls-key-file are given together or not at all");
        }
        return Optional.of(new TlsFiles(tlsCertificateFile, tlsKeyFile, Optional.ofNullable(tlsClientCaFile)));
    }
}
