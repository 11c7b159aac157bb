package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Selector;
import dev.graft.torch.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stopped and gone on with ends bit for bit as the run that was never stopped. */
class ResumeTest {
    private static final int STEPS_IN_AN_EPOCH = 6;
    /** A run is asked whether to stop after each step and once more after the epoch. */
    private static final int ASKED_IN_AN_EPOCH = STEPS_IN_AN_EPOCH + 1;

    @TempDir
    Path folder;

    /** After the first step, amid an epoch, after its last step, after its scoring, in the next epoch, at the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, STEPS_IN_AN_EPOCH, ASKED_IN_AN_EPOCH, ASKED_IN_AN_EPOCH + 1, 3 * ASKED_IN_AN_EPOCH})
    void anInterruptedRunEndsAsTheUninterruptedOne(int asked) {
        Policy policy = TinyRun.policy(3);
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(asked));
        assertSameEnd(policy);
    }

    @Test
    void aRunMayBeInterruptedAtEveryStep() {
        Policy policy = TinyRun.policy(2);
        for (int step = 0; step < 2 * ASKED_IN_AN_EPOCH; step++) {
            interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(1));
        }
        assertSameEnd(policy);
    }

    @Test
    void accumulatedGradientsAreTakenUpToo() {
        Policy policy = PolicyVariant.withBatches(TinyRun.policy(2), 4, 4);
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(3));
        assertSameEnd(policy);
    }

    @ParameterizedTest
    @ValueSource(ints = {STEPS_IN_AN_EPOCH - 1, STEPS_IN_AN_EPOCH, ASKED_IN_AN_EPOCH, ASKED_IN_AN_EPOCH + 1})
    void phasesAreTakenUpToo(int asked) {
        Policy policy = PolicyVariant.withPhases(
                TinyRun.policy(1),
                new Phase("head", 1, Selector.name("classifier.*"), new Schedule.Constant(1e-2)),
                new Phase("all", 1, Selector.all(), new Schedule.Linear(5e-3, 0.1)));
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(asked));
        assertSameEnd(policy);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2 * ASKED_IN_AN_EPOCH + 2})
    void aRateThatGoesByTheLossesBeforeIsTakenUpToo(int asked) {
        Schedule plateau = new Schedule.Plateau(5e-3, Warmup.NONE, 0.1, 0, 0.5, 0);
        Policy policy = PolicyVariant.withPhases(TinyRun.policy(1), new Phase("full", 4, Selector.all(), plateau));
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(asked));
        assertSameEnd(policy);
        assertThat(TinyRun.of(policy, folder.resolve("whole")).end().history().epochs())
                .extracting(History.Epoch::rate)
                .contains(5e-3, 5e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw_torch", "adamw_bf16", "sgd", "adafactor", "lion"})
    void whatAnyOptimizerRemembersIsTakenUpToo(String name) {
        Policy policy = TinyRun.policy(2).withTechniques(Techniques.DEFAULT.withOptimizer(Choice.of(name)));
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(STEPS_IN_AN_EPOCH + 3));
        assertSameEnd(policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"focal", "r_drop"})
    void lossesAndSamplesAreTakenUpToo(String loss) {
        Techniques techniques = Techniques.DEFAULT.withLoss(Choice.of(loss), ClassWeight.BALANCED, Sampler.BALANCED);
        Policy policy = TinyRun.policy(2).withTechniques(techniques);
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(STEPS_IN_AN_EPOCH + 3));
        assertSameEnd(policy);
    }

    @Test
    void regularisersAreTakenUpToo() {
        var strong = new Regularisers(java.util.OptionalDouble.of(0.3), 0.1, 0.2, 0.2, 0.5, 5);
        Policy policy = TinyRun.policy(2).withTechniques(Techniques.DEFAULT.withRegularisers(strong));
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).stoppedAt(STEPS_IN_AN_EPOCH + 3));
        assertSameEnd(policy);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, STEPS_IN_AN_EPOCH + 3})
    void inBfloat16TooTheEndIsTheSame(int asked) {
        Policy policy = TinyRun.policy(2);
        TinyRun stopped = TinyRun.of(policy, folder.resolve("stopped")).in(Precision.BF16);
        interrupt(stopped.stoppedAt(asked));
        TinyRun.End whole =
                TinyRun.of(policy, folder.resolve("whole")).in(Precision.BF16).end();
        assertThat(stopped.end().weights()).isEqualTo(whole.weights());
        assertThat(TinyRun.of(policy, folder.resolve("fp32")).end().weights()).isNotEqualTo(whole.weights());
    }

    @Test
    void theMessageSaysWhatIsKeptAndHowToGoOn() {
        assertThatThrownBy(
                        () -> TinyRun.of(TinyRun.policy(1), folder).stoppedAt(2).end())
                .isInstanceOfSatisfying(
                        Interrupted.class, stop -> assertThat(stop.exitCode()).isEqualTo(130))
                .hasMessageContaining(folder.resolve("state.safetensors").toString())
                .hasMessageContaining("--resume");
        assertThat(folder.resolve("state.safetensors")).exists();
    }

    @Test
    void theBestEpochBeforeTheStopIsStillTheBestAfterIt() {
        Policy policy = TinyRun.policy(3);
        var falling = new double[] {0.9, 0.5, 0.4};
        TinyRun.End whole = TinyRun.of(policy, folder.resolve("whole"))
                .scoredBy(session -> new Validation.Result(0.1, 1))
                .end();
        int[] epoch = {0};
        Validation scores = session -> new Validation.Result(falling[epoch[0]++], 1);
        interrupt(TinyRun.of(policy, folder.resolve("stopped")).scoredBy(scores).stoppedAt(2 * ASKED_IN_AN_EPOCH));
        assertThat(Files.exists(folder.resolve("stopped/best-1.safetensors"))).isTrue();
        TinyRun.End resumed =
                TinyRun.of(policy, folder.resolve("stopped")).scoredBy(scores).end();
        assertThat(resumed.history().bestEpoch()).isEqualTo(1);
        assertThat(resumed.weights()).isEqualTo(whole.weights());
    }

    @Test
    void anInterruptionDuringTheLastScoringIsHeard() {
        boolean[] pressed = {false};
        TinyRun run = TinyRun.of(TinyRun.policy(1), folder);
        var scoring = new TinyRun(
                run.rows(),
                session -> {
                    pressed[0] = true;
                    return run.validation().score(session);
                },
                run.policy(),
                folder,
                Listener.NONE,
                () -> pressed[0],
                Precision.FP32);
        assertThatThrownBy(scoring::end).isInstanceOf(Interrupted.class);
        assertThat(run.end().history().epochs()).hasSize(1);
    }

    @Test
    void theFilesOfAnotherRunAreRefused() {
        interrupt(TinyRun.of(TinyRun.policy(1), folder).stoppedAt(1));
        Checkpoints other = new Checkpoints(folder, "another fingerprint", java.time.Duration.ZERO);
        assertThatThrownBy(other::last)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other data, another model or another policy");
    }

    private void assertSameEnd(Policy policy) {
        TinyRun.End whole = TinyRun.of(policy, folder.resolve("whole")).end();
        TinyRun.End resumed = TinyRun.of(policy, folder.resolve("stopped")).end();
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(resumed.history().steps()).isEqualTo(whole.history().steps());
        assertThat(resumed.history().epochs())
                .extracting(History.Epoch::trainLoss)
                .isEqualTo(whole.history().epochs().stream()
                        .map(History.Epoch::trainLoss)
                        .toList());
    }

    private static void interrupt(TinyRun run) {
        assertThatThrownBy(run::end).isInstanceOf(Interrupted.class);
    }
}
