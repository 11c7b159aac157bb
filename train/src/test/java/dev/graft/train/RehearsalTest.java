package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final List<Double> POINTS = List.of(0.0, 0.5, 1.0);

    private final List<int[]> learned = new ArrayList<>();
    private final List<int[]> left = new ArrayList<>();
    private BestMetric metric = BestMetric.USUAL;

    private static int[] labels(int rows, int classes) {
        return IntStream.range(0, rows).map(row -> row % classes).toArray();
    }

    private Rehearsal.Choice choice(int[] labels, Validation.Result... results) {
        return new Rehearsal(labels, POINTS, metric, 42).choice((number, known, others) -> {
            learned.add(known);
            left.add(others);
            return List.of(results);
        });
    }

    private static Validation.Result result(double accuracy, double loss) {
        return new Validation.Result(accuracy, loss);
    }

    @Test
    void thePointOfTheLowestLossIsTaken() {
        Rehearsal.Choice choice = choice(labels(60, 6), result(0.7, 0.9), result(0.7, 0.6), result(0.8, 0.8));
        assertThat(choice).isEqualTo(new Rehearsal.Choice(0.5, result(0.7, 0.6), 60));
    }

    @Test
    void aScoreThatWasNamedDecides() {
        metric = BestMetric.named("accuracy");
        assertThat(choice(labels(60, 6), result(0.7, 0.9), result(0.7, 0.6), result(0.8, 0.8))
                        .point())
                .isEqualTo(1);
    }

    @Test
    void anEncoderThatTuningHarmsStaysAsItIs() {
        assertThat(choice(labels(60, 6), result(0.7, 0.5), result(0.7, 0.6), result(0.7, 0.8))
                        .point())
                .isZero();
    }

    @Test
    void ofEqualPointsTheFarthestIsTaken() {
        assertThat(choice(labels(60, 6), result(0.7, 0.5), result(0.7, 0.5), result(0.7, 0.5))
                        .point())
                .isEqualTo(1);
    }

    @Test
    void everyOfFewRowsIsLeftOutOnce() {
        choice(labels(60, 6), result(0, 1), result(0, 1), result(0, 1));
        assertThat(left.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 60).toArray());
        for (int fold = 0; fold < left.size(); fold++) {
            assertThat(learned.get(fold)).hasSize(40).doesNotContain(left.get(fold));
        }
    }

    @Test
    void eachFoldHasItsShareOfEveryLabel() {
        choice(labels(90, 6), result(0, 1), result(0, 1), result(0, 1));
        for (int[] fold : left) {
            for (int label = 0; label < 6; label++) {
                int each = label;
                assertThat(Arrays.stream(fold).filter(row -> row % 6 == each)).hasSize(5);
            }
        }
    }

    @Test
    void oneFoldJudgesWhereItHasRowsEnough() {
        Rehearsal.Choice choice = choice(labels(616, 77), result(0, 1), result(0, 1), result(0, 1));
        assertThat(left).hasSize(1);
        assertThat(choice.judged()).isEqualTo(left.get(0).length).isGreaterThanOrEqualTo(200);
    }

    @Test
    void foldsWeighAsTheirRowsDo() {
        int[] sizes = {0};
        Rehearsal.Choice choice = new Rehearsal(labels(10, 2), List.of(1.0), BestMetric.USUAL, 1)
                .choice((number, known, others) -> List.of(result(number == 0 ? 1 : 0, sizes[0] += others.length)));
        assertThat(choice.judged()).isEqualTo(10);
        assertThat(choice.result().value()).isEqualTo(0.4);
    }

    @Test
    void whereNoFoldLeavesPairsTheWholeWayIsGone() {
        Rehearsal.Choice choice = choice(new int[] {0, 0}, result(1, 0), result(1, 1), result(1, 1));
        assertThat(left).isEmpty();
        assertThat(choice.point()).isEqualTo(1);
        assertThat(choice.judged()).isZero();
    }
}
