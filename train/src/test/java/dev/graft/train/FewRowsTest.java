package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Example;
import dev.graft.data.Table;
import dev.graft.eval.Control;
import dev.graft.task.TextClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contrast between few rows, beside a head on the untouched trunk, on test rows of public data. */
@Tag("slow")
class FewRowsTest {
    private static final long SEED = 42;

    @TempDir
    Path folder;

    /** Banking77 gained a point and more at eight rows in each of three draws. */
    @ParameterizedTest
    @CsvSource({"trec, label, 10, 0.08", "banking77, category, 8, 0.005"})
    void contrastIsBetterThanTheTrunkAsItCame(String name, String label, int shots, double margin) throws IOException {
        Path data = Path.of(Optional.ofNullable(System.getenv("GRAFT_DATA")).orElse("../../shared/data"))
                .resolve(name);
        assumeTrue(Files.isDirectory(data), "no data set at " + data + "; set GRAFT_DATA");
        TrainingResult result = Graft.train(TextClassification.from(Table.read(drawn(data, label, shots))))
                .test(Table.read(data.resolve("test.csv")))
                .strategy(Strategy.fewShot())
                .output(folder.resolve("model"))
                .run();
        assertThat(result.sheet().controls())
                .filteredOn(control -> control.question() == Control.Question.FINE_TUNING)
                .singleElement()
                .satisfies(control ->
                        assertThat(control.comparison().difference().value()).isGreaterThan(margin));
    }

    /** So many rows of each label, at random. */
    private Path drawn(Path data, String label, int shots) throws IOException {
        Table table = Table.read(data.resolve("train.csv"));
        List<Example> examples = new ArrayList<>(TextClassification.from(table).examples(table));
        Collections.shuffle(examples, new Random(SEED));
        Map<String, Integer> seen = new HashMap<>();
        List<String> lines = new ArrayList<>(List.of("text," + label));
        for (Example example : examples) {
            if (seen.merge(example.label(), 1, Integer::sum) <= shots) {
                lines.add('"' + example.text().replace("\"", "\"\"") + "\"," + example.label());
            }
        }
        return Files.write(folder.resolve("rows.csv"), lines);
    }
}
