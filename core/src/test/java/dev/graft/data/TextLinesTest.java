package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {
    @TempDir
    Path folder;

    @Test
    void blankLinesKeepTheirPlaceAndTheMarkGoes() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "\uFEFFone\r\n\ntwo ü");
        assertThat(TextLines.read(file)).containsExactly("one", "", "two ü");
    }

    @Test
    void aFolderIsRefused() {
        assertThatThrownBy(() -> TextLines.read(folder)).hasMessageContaining("is a folder");
    }
}
