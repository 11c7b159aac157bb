package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Encoding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParityTest {
    private static final Parity PARITY =
            new Parity(0.01, List.of(Parity.Example.of("a", new int[] {1, 2}, new float[] {1, 2})));

    @Test
    void outputsWithinTheToleranceAreEqual() {
        assertThatCode(() -> PARITY.checkOutputs("x", List.of(new float[] {1.009f, 1.991f})))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(floats = {1.02f, 0.98f, Float.NaN, Float.POSITIVE_INFINITY})
    void outputsBeyondTheToleranceAreRefused(float value) {
        // The second value is exact, so a comparison that forgets a NaN would pass.
        assertThatThrownBy(() -> PARITY.checkOutputs("The bundle x", List.of(new float[] {value, 2})))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The bundle x")
                .hasMessageContaining("0.01");
    }

    @Test
    void aMissingOutputIsADifference() {
        assertThatThrownBy(() -> PARITY.checkOutputs("x", List.of(new float[] {1})))
                .isInstanceOf(InputException.class);
    }

    @Test
    void otherTokensAreRefused() {
        assertThatThrownBy(() -> PARITY.checkTokens("x", List.of(new Encoding(new int[] {1, 3}, new int[2]))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("[1, 3]")
                .hasMessageContaining("[1, 2]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aToleranceThatAcceptsEverythingOrNothingIsNone(double tolerance) {
        assertThatThrownBy(() -> new Parity(tolerance, PARITY.examples())).isInstanceOf(InputException.class);
    }

    @Test
    void outputsOfTrainingMustBeFinite() {
        assertThatThrownBy(() -> Parity.Example.of("a", new int[] {1}, new float[] {Float.NaN}))
                .isInstanceOf(InputException.class);
    }
}
