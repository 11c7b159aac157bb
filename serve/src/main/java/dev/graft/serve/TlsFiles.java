package dev.graft.serve;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What TLS is spoken with, in PEM.
 *
 * @param certificate the server's certificate, followed by those that issued it
 * @param key its private key, not encrypted
 * @param clientCa certificates that a client's must be issued by; empty to ask clients for none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {
    List<Path> all() {
        return Stream.concat(Stream.of(certificate, key), clientCa.stream()).toList();
    }
}
