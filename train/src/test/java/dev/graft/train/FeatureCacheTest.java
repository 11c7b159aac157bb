package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    @TempDir
    Path folder;

    private void entry(String name, int bytes, int minutesAgo) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.write(own.resolve("00000.safetensors"), new byte[bytes]);
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().minusSeconds(60L * minutesAgo)));
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws IOException {
        entry("old", 400, 30);
        entry("older", 400, 60);
        entry("new", 400, 5);
        new FeatureCache(folder, 1_300).use("mine", 400);
        assertThat(folder.resolve("older")).doesNotExist();
        assertThat(folder.resolve("old")).exists();
        assertThat(folder.resolve("new")).exists();
        assertThat(folder.resolve("mine")).isDirectory();
    }

    @Test
    void useKeepsAnEntryAlive() throws IOException {
        entry("first", 400, 60);
        entry("second", 400, 30);
        FeatureCache cache = new FeatureCache(folder, 1_000);
        cache.use("first", 400);
        cache.use("mine", 400);
        assertThat(folder.resolve("first")).exists();
        assertThat(folder.resolve("second")).doesNotExist();
    }

    @Test
    void anEntryNeverMakesRoomForItself() throws IOException {
        entry("mine", 900, 60);
        new FeatureCache(folder, 1_000).use("mine", 900);
        assertThat(folder.resolve("mine/00000.safetensors")).exists();
    }

    @Test
    void whatIsLargerThanTheBoundIsNotTaken() {
        assertThat(new FeatureCache(folder, 0).takes(1)).isFalse();
        assertThat(new FeatureCache(folder, 10).takes(10)).isTrue();
        assertThat(FeatureCache.standard().withBytes(7).bytes()).isEqualTo(7);
    }
}
