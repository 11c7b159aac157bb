package dev.graft.data;

import static dev.graft.data.Samples.resource;
import static dev.graft.data.Samples.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are pyarrow's; see tools/record_parquet.py. */
class ParquetRowsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
    void readsWhatPyarrowWrites(String codec) {
        Table table = Table.read(resource("/data/small-" + codec + ".parquet"));
        assertThat(table.columns()).containsExactly("text", "label", "score", "flag");
        assertThat(values(table))
                .containsExactly(
                        List.of("Wo ist meine Karte?", "1", "0.5", "true"),
                        List.of("Grüße 👋", "2", "", "false"),
                        List.of("", "1", "1.25", ""));
        assertThat(table.rows()).extracting(Row::line).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theFormatFollowsFromTheContent() throws IOException {
        Path unnamed = Files.copy(resource("/data/small-none.parquet"), folder.resolve("unnamed"));
        assertThat(Table.read(unnamed).rows()).hasSize(3);
    }

    @Test
    void bytesThatAreNoTextAreReportedByRow() {
        assertThatThrownBy(() -> Table.read(resource("/data/not-text.parquet")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 2: column 'text' holds bytes that are not UTF-8")
                .hasMessageContaining("row 3: column 'text' holds a NUL");
    }

    @Test
    void aPageThatUnpacksToGigabytesIsRefusedBeforeItIsUnpacked() {
        assertThatThrownBy(() -> Table.read(resource("/data/bomb.parquet")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bomb.parquet: row group 1 unpacks to more than")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void manyRowsThatShareOneLargeValueAreRefusedByWhatTheyTake() {
        assertThatThrownBy(() -> Table.read(resource("/data/repeated.parquet"), 20 << 20))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is too large to be held in memory: more than 20 MB by row 12");
    }

    @Test
    @Tag("slow")
    void theStreamGoesThroughManyLargeValuesInLittleMemory() {
        long rows = 0;
        try (RowSource source = RowSource.open(resource("/data/repeated.parquet"))) {
            for (Row row : source) {
                rows += row.values().size() / 2;
                if (rows == 3_000) {
                    break;
                }
            }
        }
        assertThat(rows).isEqualTo(3_000);
    }

    @Test
    void aCutFileIsNamed() throws IOException {
        byte[] whole = Files.readAllBytes(resource("/data/small-zstd.parquet"));
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Table.read(cut))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(cut + " cannot be read as Parquet; it is damaged, or was cut");
    }

    @Test
    void textUnderTheNameOfParquetIsNamed() {
        Path file = Samples.write(folder, "text.parquet", "text,label\n");
        assertThatThrownBy(() -> Table.read(file)).hasMessageContaining("is no Parquet file");
    }

    /** Sizes, offsets, counts and compressed bytes are all hit by some of these. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
    void damagedFilesAreRefusedOrReadButNeverWorse(String codec) throws IOException {
        byte[] whole = Files.readAllBytes(resource("/data/small-" + codec + ".parquet"));
        Random random = new Random(20261121L);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = whole.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.parquet"), damaged);
            try {
                assertThat(Table.read(file, 1 << 24).columns()).isNotNull();
            } catch (InputException refused) {
                assertThat(refused).hasMessageContaining("damaged.parquet");
            }
        }
    }
}
