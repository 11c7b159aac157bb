package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void everyRowIsInExactlyOnePart() {
        List<Example> examples = random(997, 7, 1);
        Split split = Split.stratified(examples, 0.1, 0.2, 42);
        List<Example> all = new ArrayList<>(split.train());
        all.addAll(split.validation());
        all.addAll(split.test());
        assertThat(all).hasSameSizeAs(examples).containsExactlyInAnyOrderElementsOf(examples);
    }

    @Test
    void partsHaveTheSizesAskedFor() {
        Split split = Split.stratified(random(997, 7, 2), 0.1, 0.2, 42);
        assertThat(split.validation()).hasSize(100);
        assertThat(split.test()).hasSize(199);
        assertThat(split.train()).hasSize(698);
    }

    @Test
    void everyLabelHasItsShareInEachPartToWithinARow() {
        List<Example> examples = random(2_000, 12, 3);
        Split split = Split.stratified(examples, 0.15, 0.25, 42);
        Map<String, Long> all = counts(examples);
        Map<String, Long> validation = counts(split.validation());
        Map<String, Long> test = counts(split.test());
        all.forEach((label, count) -> {
            assertThat(Math.abs(validation.getOrDefault(label, 0L) - count * 0.15))
                    .isLessThan(1);
            assertThat(Math.abs(test.getOrDefault(label, 0L) - count * 0.25)).isLessThan(1);
        });
    }

    @Test
    void theSeedDecides() {
        List<Example> examples = random(300, 5, 4);
        assertThat(Split.stratified(examples, 0.1, 0.1, 1)).isEqualTo(Split.stratified(examples, 0.1, 0.1, 1));
        assertThat(Split.stratified(examples, 0.1, 0.1, 1).test())
                .isNotEqualTo(Split.stratified(examples, 0.1, 0.1, 2).test());
    }

    @Test
    void theOrderOfTheRowsIsKept() {
        Split split = Split.stratified(random(300, 5, 5), 0.1, 0.2, 42);
        assertThat(split.train()).extracting(Example::line).isSorted();
        assertThat(split.test()).extracting(Example::line).isSorted();
    }

    @Test
    void everyLabelKeepsARowForTraining() {
        List<String> labels = new ArrayList<>(Collections.nCopies(50, "common"));
        labels.addAll(List.of("once", "twice", "twice", "thrice", "thrice", "thrice"));
        Split split = Split.stratified(Samples.labelled(labels.toArray(String[]::new)), 0.3, 0.6, 42);
        assertThat(counts(split.train()).keySet()).containsExactlyInAnyOrder("common", "once", "twice", "thrice");
    }

    @Test
    void aShareOfNothingIsEmpty() {
        Split split = Split.stratified(random(30, 3, 6), 0.2, 0, 42);
        assertThat(split.test()).isEmpty();
        assertThat(split.validation()).hasSize(6);
    }

    @Test
    void tooFewRowsAreExplained() {
        assertThatThrownBy(() -> Split.stratified(Samples.labelled("a", "b", "c"), 0.1, 0.1, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("of 3 rows with 3 labels, none is left for test")
                .hasMessageContaining("Add rows");
    }

    @Test
    void ofVeryFewRowsNoneIsLeftForValidation() {
        Split split = Split.stratified(Samples.labelled("a", "b", "a", "b"), 0.1, 0, 42);
        assertThat(split.train()).hasSize(4);
        assertThat(split.validation()).isEmpty();
    }

    @Test
    void sharesBeyondTheWholeAreRefused() {
        for (double[] shares : new double[][] {{0.5, 0.5}, {-0.1, 0.2}, {Double.NaN, 0.1}}) {
            assertThatThrownBy(() -> Split.stratified(Samples.labelled("a", "b"), shares[0], shares[1], 1))
                    .isInstanceOf(InputException.class);
        }
    }

    @Test
    void propertiesHoldForRandomData() {
        Random random = new Random(20261121L);
        for (int i = 0; i < 200; i++) {
            List<Example> examples = random(20 + random.nextInt(200), 1 + random.nextInt(20), i);
            Split split;
            try {
                split = Split.stratified(examples, random.nextDouble() / 2, random.nextDouble() / 2, i);
            } catch (InputException tooFew) {
                continue;
            }
            Set<Example> all = new HashSet<>(split.train());
            all.addAll(split.validation());
            all.addAll(split.test());
            assertThat(all).hasSameSizeAs(examples);
            assertThat(split.train().size()
                            + split.validation().size()
                            + split.test().size())
                    .isEqualTo(examples.size());
            assertThat(counts(split.train()).keySet())
                    .isEqualTo(counts(examples).keySet());
        }
    }

    private static List<Example> random(int rows, int labels, long seed) {
        Random random = new Random(seed);
        String[] made = new String[rows];
        for (int i = 0; i < rows; i++) {
            made[i] = "label " + (int) (labels * random.nextDouble() * random.nextDouble());
        }
        return Samples.labelled(made);
    }

    private static Map<String, Long> counts(List<Example> examples) {
        return examples.stream().collect(Collectors.groupingBy(Example::label, Collectors.counting()));
    }
}
