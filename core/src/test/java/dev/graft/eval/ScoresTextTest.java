package dev.graft.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoresTextTest {
    private final Predictions perfect =
            new Predictions(List.of("no", "yes"), new int[] {0, 1, 1}, new float[][] {{1, 0}, {0, 1}, {0, 1}});
    private final Predictions poor =
            new Predictions(List.of("no", "yes"), new int[] {0, 1, 1}, new float[][] {{0, 1}, {0, 1}, {1, 0}});

    @Test
    void theOverviewAlignsTheModels() {
        String text = ScoresText.overview(ScoreSheet.of(perfect, Map.of("majority class", poor), 42));

        List<String> lines = text.lines().toList();
        assertThat(lines).hasSize(8);
        assertThat(lines.get(0)).isEqualTo("                   tuned model             majority class");
        assertThat(lines.get(1)).isEqualTo("accuracy           1.000 (1.000 to 1.000)  0.333 (0.000 to 1.000)");
        assertThat(lines.get(7)).startsWith("calibration error  0.000 (0.000 to 0.000)");
    }

    @Test
    void theWorstClassesComeFirst() {
        assertThat(ScoresText.classes(Evaluation.of(poor, 42), 10)).isEqualTo("""
                        class  precision  recall     F1  rows
                        no         0.000   0.000  0.000     1
                        yes        0.500   0.500  0.500     2
                        """);
        assertThat(ScoresText.classes(Evaluation.of(poor, 42), 1)).hasLineCount(2);
    }

    @Test
    void confusionsNameBothClasses() {
        assertThat(ScoresText.confusions(Evaluation.of(poor, 42), 10)).isEqualTo("""
                        expected  predicted  rows
                        no        yes           1
                        yes       no            1
                        """);
    }

    @Test
    void oneModelAloneHasAColumn() {
        assertThat(ScoresText.overall(Evaluation.of(perfect, 42)).lines())
                .hasSize(7)
                .first()
                .isEqualTo("accuracy           1.000 (1.000 to 1.000)");
    }

    @Test
    void whatRoundsToZeroHasNoSign() {
        assertThat(Metric.number(-0.0001)).isEqualTo("0.000");
        assertThat(Metric.number(-0.001)).isEqualTo("-0.001");
    }

    @Test
    void escapeSequencesAndEndlessLabelsStayOutOfTheTerminal() {
        var predictions = new Predictions(
                List.of("\u001B[31mred", "x".repeat(1000)), new int[] {0, 1}, new float[][] {{0, 1}, {1, 0}});

        String text = ScoresText.confusions(Evaluation.of(predictions, 42), 10);

        assertThat(text).doesNotContain("\u001B").contains("\uFFFD[31mred").contains("x".repeat(39) + "…");
        assertThat(text.lines()).allMatch(line -> line.length() < 100);
    }
}
