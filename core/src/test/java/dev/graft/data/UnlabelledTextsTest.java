package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlabelledTextsTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void linesTablesAndObjectsAreReadAlike() throws IOException {
        assertThat(UnlabelledTexts.read(file("a.txt", "one, two\n\n three\n"), Optional.empty()))
                .containsExactly("one, two", " three");
        assertThat(UnlabelledTexts.read(file("a.csv", "id,text\n1,one\n2,\n3,three\n"), Optional.empty()))
                .containsExactly("one", "three");
        assertThat(UnlabelledTexts.read(
                        file("a.jsonl", "{\"said\": \"one\", \"by\": \"x\"}\n{\"said\": \"two\", \"by\": \"y\"}\n"),
                        Optional.of("said")))
                .containsExactly("one", "two");
    }

    @Test
    void filesWithoutTextsAreRefused() {
        assertThatThrownBy(() -> UnlabelledTexts.read(file("b.txt", "\n \n"), Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.txt holds no text");
        assertThatThrownBy(() -> UnlabelledTexts.read(folder.resolve("none.txt"), Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("There is no file");
    }
}
