package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Table;
import dev.graft.task.TextClassification;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that users try first. */
@Tag("slow")
class SupportTest {
    private static final double LEAST_LEAD_IN_ACCURACY = 0.05;

    @TempDir
    Path folder;

    @Test
    void theExampleIsLearnedWellBeyondABagOfWords() {
        TrainingResult result = Graft.train(TextClassification.from(Table.read(Path.of("../examples/support.csv"))))
                .output(folder.resolve("model"))
                .run();
        assertThat(result.sheet().comparisons())
                .hasSizeGreaterThan(1)
                .allSatisfy((baseline, comparison) -> assertThat(
                                comparison.difference().value())
                        .as("lead over %s", baseline)
                        .isGreaterThanOrEqualTo(LEAST_LEAD_IN_ACCURACY));
    }
}
