package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class Banking77BaselineTest {
    /** What tools/record_metrics.py prints for scikit-learn's TfidfVectorizer and LogisticRegression. */
    private static final double SCIKIT_LEARN = 0.8942;

    private static final double ONE_POINT = 0.01;

    @Test
    void isAsAccurateAsScikitLearns() throws IOException {
        Path folder = data().resolve("banking77");
        assumeTrue(Files.isDirectory(folder), "no data set at " + folder + "; set GRAFT_DATA");
        List<NamedCsvRecord> train = read(folder.resolve("train.csv"));
        List<NamedCsvRecord> test = read(folder.resolve("test.csv"));
        List<String> labels = train.stream()
                .map(row -> row.getField("category"))
                .distinct()
                .sorted()
                .toList();

        var baseline = NgramBaseline.fit(texts(train), classes(train, labels), labels.size());
        var predictions = new Predictions(labels, classes(test, labels), baseline.probabilities(texts(test)));

        assertThat(Evaluation.of(predictions, 42).accuracy().value()).isEqualTo(SCIKIT_LEARN, within(ONE_POINT));
    }

    private static Path data() {
        String set = System.getenv("GRAFT_DATA");
        return set == null ? Path.of("../../shared/data") : Path.of(set);
    }

    private static List<NamedCsvRecord> read(Path file) throws IOException {
        try (var rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            return rows.stream().toList();
        }
    }

    private static List<String> texts(List<NamedCsvRecord> rows) {
        return rows.stream().map(row -> row.getField("text")).toList();
    }

    private static int[] classes(List<NamedCsvRecord> rows, List<String> labels) {
        return rows.stream()
                .mapToInt(row -> labels.indexOf(row.getField("category")))
                .toArray();
    }
}
