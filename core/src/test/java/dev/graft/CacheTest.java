package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheTest {
    private static final Path HOME = Path.of("home").toAbsolutePath();
    private static final String ELSEWHERE =
            Path.of("elsewhere").toAbsolutePath().toString();

    @Test
    void liesInTheHomeFolderByDefault() {
        assertThat(Cache.folder(Map.of(), HOME))
                .isEqualTo(HOME.resolve(".cache").resolve("graft"));
    }

    @Test
    void followsTheSharedCacheFolder() {
        assertThat(Cache.folder(Map.of("XDG_CACHE_HOME", ELSEWHERE), HOME))
                .isEqualTo(Path.of(ELSEWHERE).resolve("graft"));
    }

    @Test
    void aRelativeSharedFolderIsIgnored() {
        assertThat(Cache.folder(Map.of("XDG_CACHE_HOME", "relative"), HOME))
                .isEqualTo(HOME.resolve(".cache").resolve("graft"));
    }

    @Test
    void itsOwnVariableGoesFirst() {
        assertThat(Cache.folder(Map.of("GRAFT_CACHE", ELSEWHERE, "XDG_CACHE_HOME", "/other"), HOME))
                .isEqualTo(Path.of(ELSEWHERE));
    }

    @Test
    void blankVariablesCountAsAbsent() {
        assertThat(Cache.folder(Map.of("GRAFT_CACHE", " ", "XDG_CACHE_HOME", ""), HOME))
                .isEqualTo(HOME.resolve(".cache").resolve("graft"));
    }

    @Test
    void nativesLieInTheCache() {
        assertThat(Cache.natives()).isEqualTo(Cache.folder().resolve("natives"));
    }
}
