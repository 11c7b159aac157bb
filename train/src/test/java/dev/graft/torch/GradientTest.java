package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.torch.ops.Operators;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Autograd's gradients are the slopes that central differences in float64 find. */
class GradientTest {
    /** Rounding of 1e-16 over a step of 1e-6, for values of the size of 10, with room. */
    private static final double TOLERANCE = 2e-8;

    private static final OpTable TABLE = Operators.standard();

    /** Operators whose gradients other tests look at. */
    static final Set<String> ELSEWHERE = Set.of(
            "If",
            "Loop",
            "Scan",
            "Dropout",
            "SequenceConstruct",
            "SequenceAt",
            "SequenceInsert",
            "SequenceErase",
            "SequenceMap",
            "SplitToSequence",
            "ConcatFromSequence",
            "Optional",
            "OptionalGetElement");

    static List<GradientCase> cases() {
        return GradientCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void autogradFindsTheSlope(GradientCase test) {
        GradientCheck.assertAgrees(test.graph(), test.inputs(), TOLERANCE);
    }

    @Test
    void everyOperatorIsCheckedOrHasNoSlope() {
        Set<String> accounted = checked();
        accounted.addAll(TABLE.withoutGradient());
        accounted.addAll(ELSEWHERE);
        assertThat(accounted)
                .containsExactlyInAnyOrderElementsOf(TABLE.versions().keySet());
    }

    @Test
    void noOperatorIsBothCheckedAndWithoutASlope() {
        assertThat(checked()).doesNotContainAnyElementsOf(TABLE.withoutGradient());
        assertThat(ELSEWHERE).doesNotContainAnyElementsOf(TABLE.withoutGradient());
    }

    /** The operators whose gradients are compared with differences. */
    static Set<String> checked() {
        return cases().stream()
                .map(test -> OpTable.qualified(test.node().domain(), test.node().operator()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
