package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourseTest {
    private static final int CLASSES = 12;

    /** Labels in turns, of which each class has so many. */
    private static int[] labels(int rows) {
        return IntStream.range(0, rows).map(row -> row % CLASSES).toArray();
    }

    private static Course course(int rows) {
        return Course.of(labels(rows), CLASSES, 42);
    }

    @Test
    void everyRowIsJudgedByOneFoldAndLearnedByTheOthers() {
        Course course = course(720);
        assertThat(course.folds()).isEqualTo(3);
        int[] all = IntStream.range(0, 3)
                .flatMap(fold -> Arrays.stream(course.judged(fold)))
                .sorted()
                .toArray();
        assertThat(all).containsExactly(IntStream.range(0, 720).toArray());
        for (int fold = 0; fold < 3; fold++) {
            assertThat(course.learned(fold, 1_000)).hasSize(480).doesNotContain(course.judged(fold));
        }
    }

    @Test
    void eachFoldHasItsShareOfEveryLabel() {
        Course course = course(720);
        for (int label = 0; label < CLASSES; label++) {
            int each = label;
            assertThat(Arrays.stream(course.judged(1)).filter(row -> row % CLASSES == each))
                    .hasSize(20);
        }
    }

    @Test
    void soDoTheRowsOfAShortLap() {
        int[] some = course(9_600).learned(0, 1_200);
        assertThat(some).hasSize(1_200).isSorted();
        for (int label = 0; label < CLASSES; label++) {
            int each = label;
            assertThat(Arrays.stream(some).filter(row -> row % CLASSES == each).count())
                    .isBetween(99L, 101L);
        }
        assertThat(course(9_600).learned(0, 3))
                .as("one row of every label at least")
                .hasSize(CLASSES);
    }

    @Test
    void manyRowsAreJudgedByOneOfManyFoldsAndFewByAll() {
        assertThat(course(10_000).folds()).isEqualTo(7);
        assertThat(course(10_000).rounds(3))
                .containsExactly(new Course.Round(0, List.of(0), 2_000, 2), new Course.Round(1, List.of(1), 6_000, 3));
        assertThat(course(120).rounds(10))
                .containsExactly(
                        new Course.Round(0, List.of(0, 1, 2), 80, 2), new Course.Round(1, List.of(0, 1, 2), 80, 10));
        assertThat(course(720).rounds(1))
                .containsExactly(new Course.Round(0, List.of(0), 480, 1), new Course.Round(1, List.of(1, 2), 480, 1));
    }

    @Test
    void theOnlyRowOfALabelIsAlwaysLearned() {
        Course course = Course.of(new int[] {0, 0, 0, 1, 2, 2}, 3, 1);
        for (int fold = 0; fold < course.folds(); fold++) {
            assertThat(course.judged(fold)).doesNotContain(3);
            assertThat(course.learned(fold, 100)).contains(3);
        }
    }

    @Test
    void theSameSeedGivesTheSameCourse() {
        assertThat(course(720).judged(0)).containsExactly(course(720).judged(0));
        assertThat(course(720).judged(0))
                .isNotEqualTo(Course.of(labels(720), CLASSES, 43).judged(0));
    }

    /** What is left to learn where one of three folds judges has no two rows of one label, or a fold is empty. */
    @ParameterizedTest
    @ValueSource(strings = {"012", "001", "0011", "00123"})
    void rowsOfWhichNoTwoOfALabelAreLeftCannotBeJudged(String labels) {
        int[] numbers = labels.chars().map(Character::getNumericValue).toArray();
        assertThatThrownBy(() -> Course.of(numbers, 4, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("needs a label with 3 rows")
                .hasMessageContaining("take --strategy " + (labels.equals("012") ? "zero-shot" : "head"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "0001", "001122", "000111"})
    void threeRowsOfALabelOrSeveralOfTwoAreEnough(String labels) {
        int[] numbers = labels.chars().map(Character::getNumericValue).toArray();
        assertThatCode(() -> Course.of(numbers, 4, 1)).doesNotThrowAnyException();
    }

    @Test
    void fewRowsAreLearnedMoreOften() {
        assertThat(IntStream.of(100, 700, 3_000, 10_000).map(Course::epochs)).containsExactly(10, 6, 4, 3);
    }
}
