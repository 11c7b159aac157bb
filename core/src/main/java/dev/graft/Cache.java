package dev.graft;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where Graft keeps what it can make or fetch again: pretrained models, unpacked native libraries.
 *
 * <p>The folder is the system property {@code graft.cache}, else {@code $GRAFT_CACHE}, else
 * {@code $XDG_CACHE_HOME/graft}, else {@code ~/.cache/graft}. It is not made here.
 */
public final class Cache {
    private Cache() {}

    /** The cache folder of this process. */
    public static Path folder() {
        return Optional.ofNullable(System.getProperty("graft.cache"))
                .filter(given -> !given.isBlank())
                .map(given -> Path.of(given).toAbsolutePath())
                .orElseGet(() -> folder(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    /** The folder that native libraries are unpacked to, so that the home folder stays clean. */
    public static Path natives() {
        return folder().resolve("natives");
    }

    /** The cache folder under an environment; a relative {@code XDG_CACHE_HOME} is ignored, as its standard asks. */
    static Path folder(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("GRAFT_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!shared.isBlank() && Path.of(shared).isAbsolute()) {
            return Path.of(shared).resolve("graft");
        }
        return home.resolve(".cache").resolve("graft").toAbsolutePath();
    }
}
