package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expected values: FIPS 180-4's examples. */
class DigestTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void agreesWithTheStandardsExamples() {
        assertThat(Digest.of("abc")).isEqualTo(ABC);
        assertThat(Digest.of(new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void filesAndStreamsGiveTheSame() throws IOException {
        byte[] million = "a".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        String expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assertThat(Digest.of(new ByteArrayInputStream(million))).isEqualTo(expected);
        assertThat(Digest.of(Files.write(folder.resolve("million"), million))).isEqualTo(expected);
    }

    @Test
    void whatIsWrittenGivesTheSameAsItsBytes() {
        assertThat(Digest.of(out -> out.write(new byte[] {1, 2, 3}))).isEqualTo(Digest.of(new byte[] {1, 2, 3}));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Digest.of(folder.resolve("absent")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("absent");
    }
}
