package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeFileTest {
    @TempDir
    Path folder;

    @Test
    void writesWhatIsGivenAndMakesTheParents() throws IOException {
        Path file = folder.resolve("a/b/c.txt");
        SafeFile.write(file, "grün");
        assertThat(Files.readAllBytes(file)).isEqualTo("grün".getBytes(StandardCharsets.UTF_8));
        assertThat(entries(folder.resolve("a/b"))).containsExactly("c.txt");
    }

    @Test
    void replacesAFileWhole() throws IOException {
        Path file = folder.resolve("file");
        SafeFile.write(file, "a long first version");
        SafeFile.write(file, "short");
        assertThat(file).hasContent("short");
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingAside() throws IOException {
        Path file = folder.resolve("file");
        SafeFile.write(file, "old");
        assertThatThrownBy(() -> SafeFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("Cannot write " + file)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("MB free there")
                .extracting(e -> ((GraftException) e).exitCode())
                .isEqualTo(1);
        assertThat(file).hasContent("old");
        assertThat(entries(folder)).containsExactly("file");
    }

    @Test
    void anErrorOfTheCallerLeavesNothingAside() throws IOException {
        assertThatThrownBy(() -> SafeFile.fillFolder(folder.resolve("new"), aside -> {
                    Files.writeString(aside.resolve("half"), "x");
                    throw new IllegalStateException("stopped");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(entries(folder)).isEmpty();
    }

    @Test
    void aFolderAppearsWithAllItsFiles() {
        Path place = folder.resolve("bundle");
        SafeFile.fillFolder(place, aside -> {
            assertThat(place).doesNotExist();
            Files.createDirectories(aside.resolve("sub"));
            Files.writeString(aside.resolve("sub/one"), "1");
            Files.writeString(aside.resolve("two"), "2");
        });
        assertThat(place.resolve("sub/one")).hasContent("1");
        assertThat(place.resolve("two")).hasContent("2");
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Path place = Files.createDirectory(folder.resolve("empty"));
        SafeFile.fillFolder(place, aside -> Files.writeString(aside.resolve("one"), "1"));
        assertThat(place.resolve("one")).hasContent("1");
    }

    @Test
    void anOccupiedFolderIsRefusedBeforeAnyWork() throws IOException {
        Path place = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(place.resolve("precious"), "1");
        assertThatThrownBy(() -> SafeFile.fillFolder(place, aside -> {
                    throw new AssertionError("not to be called");
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(place.toString())
                .hasMessageContaining("--output");
        assertThat(place.resolve("precious")).hasContent("1");
    }

    @Test
    void aFolderThatIsTakenMeanwhileIsLeftAlone() {
        Path place = folder.resolve("contested");
        assertThatThrownBy(() -> SafeFile.fillFolder(place, aside -> {
                    Files.writeString(aside.resolve("ours"), "1");
                    Files.createDirectory(place);
                    Files.writeString(place.resolve("theirs"), "2");
                }))
                .isInstanceOf(InputException.class);
        assertThat(place.resolve("theirs")).hasContent("2");
        assertThat(place.resolve("ours")).doesNotExist();
    }

    @Test
    void aFileDoesNotReplaceAFolder() throws IOException {
        Path place = Files.createDirectory(folder.resolve("place"));
        assertThatThrownBy(() -> SafeFile.write(place, "x"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("folder");
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void aParentThatIsAFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> SafeFile.write(file.resolve("below"), "x"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("below");
    }

    @Test
    void deleteRemovesATreeAndToleratesNothing() throws IOException {
        Files.createDirectories(folder.resolve("tree/deep"));
        Files.writeString(folder.resolve("tree/deep/leaf"), "x");
        SafeFile.delete(folder.resolve("tree"));
        SafeFile.delete(folder.resolve("tree"));
        assertThat(entries(folder)).isEmpty();
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(each -> each.getFileName().toString()).toList();
        }
    }
}
