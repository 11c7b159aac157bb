package dev.graft.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Table;
import dev.graft.task.TextClassification;
import dev.graft.train.Graft;
import dev.graft.train.Strategy;
import dev.graft.train.TrainingJob;
import dev.graft.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels alone against rows that were never learned from. */
class ZeroShotTest {
    /** Label names alone put 62 % of Banking77's test rows right; a third of them is off by 3 points at most. */
    private static final double LEAST_ACCURACY = 0.56;

    @TempDir
    Path folder;

    private TrainingJob job(Table table) {
        return Graft.train(TextClassification.from(table))
                .strategy(Strategy.zeroShot())
                .output(folder.resolve("model"));
    }

    @Test
    @Tag("slow")
    void theNamesOfBanking77sLabelsTellMostTextsApart() {
        TrainingResult result =
                job(everyThird("banking77/test.csv")).shares(0.1, 0.85).run();
        assertThat(result.sheet().scores().accuracy().value()).isGreaterThan(LEAST_ACCURACY);
        assertThat(result.history().epochs()).isEmpty();
    }

    @Test
    void labelsThatAreNumbersAreRefusedBeforeTheModelIsRead() {
        TrainingJob job = job(everyThird("trec/test.csv")).model("no such model");
        assertThatThrownBy(job::run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("of the 6 labels '0', '1', '2', '3', '4' and 1 more have none");
    }

    private static Table everyThird(String file) {
        Table whole = Table.read(Shared.data(file));
        return new Table(whole.file(), whole.columns(), rows(whole));
    }

    private static List<dev.graft.data.Row> rows(Table whole) {
        return IntStream.range(0, whole.rows().size())
                .filter(row -> row % 3 == 0)
                .mapToObj(whole.rows()::get)
                .toList();
    }
}
