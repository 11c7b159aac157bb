package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final Phase PHASE = new Phase("full", 2, Selector.all(), new Schedule.Constant(1e-4));

    /** The numbers in the order of the record; one of them is wrong. */
    @ParameterizedTest
    @CsvSource({
        "--batch-size,              0, 1, 0,    0,   0,   0,   0",
        "--gradient-accumulation,   1, 0, 0,    0,   0,   0,   0",
        "--weight-decay,            1, 1, -0.1, 0,   0,   0,   0",
        "--weight-decay,            1, 1, 1,    0,   0,   0,   0",
        "--weight-decay,            1, 1, NaN,  0,   0,   0,   0",
        "--label-smoothing,         1, 1, 0,    1,   0,   0,   0",
        "--dropout,                 1, 1, 0,    0,   1,   0,   0",
        "--dropout,                 1, 1, 0,    0,   NaN, 0,   0",
        "--max-grad-norm,           1, 1, 0,    0,   0,   -1,  0",
        "--max-grad-norm,           1, 1, 0,    0,   0,   NaN, 0",
        "--early-stopping-patience, 1, 1, 0,    0,   0,   0,   -1",
    })
    void aWrongNumberIsRefusedUnderTheNameOfItsOption(
            String option,
            int batch,
            int accumulation,
            double decay,
            double smoothing,
            double dropout,
            double norm,
            int p) {
        assertThatThrownBy(
                        () -> new Policy(List.of(PHASE), batch, accumulation, decay, smoothing, dropout, norm, p, 42))
                .isInstanceOf(InputException.class)
                .hasMessageMatching(option + " must be .+, not .+");
    }

    @Test
    void aPolicyWithoutPhasesIsRefused() {
        assertThatThrownBy(() -> new Policy(List.of(), 1, 1, 0, 0, 0, 0, 0, 42))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("phases");
    }

    @Test
    void aPhaseHasAnEpochAtLeast() {
        assertThatThrownBy(() -> new Phase("head", 0, Selector.all(), new Schedule.Constant(1e-4)))
                .isInstanceOf(InputException.class)
                .hasMessage("--epochs must be 1 or more, not 0 (phase 'head')");
    }

    @Test
    void theEpochsOfAllPhasesCount() {
        assertThat(PolicyVariant.withPhases(TinyRun.policy(1), PHASE, PHASE).epochs())
                .isEqualTo(4);
    }

    @Test
    void twoPoliciesThatSayTheSameAreEqualAndPrintTheSame() {
        Policy one = Strategy.FULL.policy(Recipe.DEFAULT, 6, 42);
        Policy other = Strategy.FULL.policy(Recipe.DEFAULT, 6, 42);
        assertThat(one).isEqualTo(other).hasToString(other.toString());
        assertThat(one.toString()).doesNotContainPattern("@[0-9a-f]{4,}"); // it is part of a checkpoint's fingerprint
    }

    @Test
    void fullFineTuningIsOnePhaseOverAllWeights() {
        Policy policy = Strategy.full().policy(Recipe.DEFAULT, 6, 7);
        assertThat(policy.phases())
                .containsExactly(
                        new Phase("full", Recipe.DEFAULT.epochs(), Selector.all(), new Schedule.Linear(1e-4, 0.1)));
        assertThat(policy.seed()).isEqualTo(7);
    }

    @Test
    void strategiesHaveTheNamesThatTheySpell() {
        for (Strategy strategy : Strategy.values()) {
            assertThat(Strategy.named(strategy.spelled())).isEqualTo(strategy);
        }
    }

    @Test
    void anUnknownStrategyIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> Strategy.named("ful"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no strategy 'ful'")
                .hasMessageContaining("did you mean 'full'?");
    }
}
