package dev.graft.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Row;
import dev.graft.data.Table;
import dev.graft.task.TargetKind;
import dev.graft.task.TextClassification;
import dev.graft.task.WantedTarget;
import dev.graft.train.Graft;
import dev.graft.train.Strategy;
import dev.graft.train.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many of five people find a text offensive: a number, and labels with an order. */
@Tag("slow")
class OffenceTest {
    /** What the head on a frozen encoder is ahead of the same on words and pairs of words by, at least. */
    private static final double MARGIN = 0.05;

    @TempDir
    Path folder;

    /** The texts of five annotators each, with how many of these say that it offends; as a share where that is wanted. */
    private static Table counted(String file, boolean share) {
        Table whole = Table.read(Shared.data("md_agreement/" + file));
        int item = whole.columns().indexOf("item");
        int text = whole.columns().indexOf("text");
        int label = whole.columns().indexOf("label");
        Map<String, List<Row>> items = new LinkedHashMap<>();
        whole.rows()
                .forEach(row -> items.computeIfAbsent(row.values().get(item), key -> new ArrayList<>())
                        .add(row));
        List<Row> rows = new ArrayList<>();
        items.values().stream().filter(all -> all.size() == 5).forEach(all -> {
            long offended = all.stream()
                    .filter(row -> row.values().get(label).equals("1"))
                    .count();
            String answer = share ? String.valueOf(offended / 5.0) : String.valueOf(offended);
            rows.add(new Row(all.get(0).line(), List.of(all.get(0).values().get(text), answer)));
        });
        return new Table(whole.file(), List.of("text", "label"), rows);
    }

    private TrainingResult trained(TargetKind kind) {
        boolean share = kind == TargetKind.REGRESSION;
        TextClassification task = new TextClassification(
                counted("test.csv", share), Optional.of("text"), Optional.of("label"), WantedTarget.of(kind));
        return Graft.train(task)
                .test(counted("dev.csv", share))
                .strategy(Strategy.head())
                .seed(42)
                .output(folder.resolve("model"))
                .run();
    }

    private static void assertAhead(TrainingResult result) {
        double own = result.sheet().scores().primary().value();
        result.sheet()
                .baselines()
                .forEach((name, scores) -> assertThat(own)
                        .as("%s beside %s", name, scores.primary())
                        .isGreaterThan(scores.primary().value() + MARGIN));
    }

    @Test
    void theShareOfOffendedPeopleIsANumber() {
        assertAhead(trained(TargetKind.REGRESSION));
    }

    @Test
    void theCountOfOffendedPeopleHasAnOrder() {
        assertAhead(trained(TargetKind.ORDINAL));
    }
}
