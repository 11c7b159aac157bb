package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bundle.TinyBundle;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches whose length is a multiple of a number. */
class PaddedLengthTest {
    private static final List<String> MASKED = List.of("input_ids", "attention_mask");

    @TempDir
    Path folder;

    private TextEncoder encoder(int maxLength) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), TinyBundle.tokenizer());
        return TextEncoder.open(EncoderSettings.of(maxLength), file);
    }

    @Test
    void shortBatchesArePaddedToTheMultiple() throws IOException {
        try (TextEncoder encoder = encoder(16)) {
            Map<String, Array> padded = encoder.collate(encoder.encode(List.of("card", "card lost")), MASKED, 8);
            long[] ids = {2, 4, 3, 0, 0, 0, 0, 0, 2, 4, 5, 3, 0, 0, 0, 0};
            long[] mask = {1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0};
            assertThat(padded)
                    .containsExactly(
                            Map.entry("input_ids", Array.of(ids, 2, 8)),
                            Map.entry("attention_mask", Array.of(mask, 2, 8)));
        }
    }

    @Test
    void whatHasTheLengthAlreadyIsNotPadded() throws IOException {
        try (TextEncoder encoder = encoder(16)) {
            List<Encoding> eight = encoder.encode(List.of("card lost money sent card lost"));
            assertThat(encoder.collate(eight, MASKED, 8)).isEqualTo(encoder.collate(eight, MASKED));
        }
    }

    @Test
    void noBatchIsLongerThanTheModelsLongestText() throws IOException {
        try (TextEncoder encoder = encoder(10)) {
            List<Encoding> ten = encoder.encode(List.of("card ".repeat(20)));
            assertThat(encoder.collate(ten, MASKED, 8)).isEqualTo(encoder.collate(ten, MASKED));
        }
    }

    @Test
    void aModelThatIsNotToldOfPaddingGetsNoMoreOfIt() throws IOException {
        try (TextEncoder encoder = encoder(16)) {
            List<Encoding> rows = encoder.encode(List.of("card"));
            List<String> unmasked = List.of("input_ids");
            assertThat(encoder.collate(rows, unmasked, 8)).isEqualTo(encoder.collate(rows, unmasked));
        }
    }
}
