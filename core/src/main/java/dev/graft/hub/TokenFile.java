package dev.graft.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The token that {@code hf auth login} keeps in a file. */
final class TokenFile {
    private TokenFile() {}

    static Optional<String> read(Map<String, String> environment, Path base) {
        Path file = HubSettings.path(environment, "HF_TOKEN_PATH").orElse(base.resolve("token"));
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty())
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
