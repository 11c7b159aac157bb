package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    private static final String MODEL = " --model @encoder.onnx --max-length 20 --threads 1 --epochs 2";

    @TempDir
    Path folder;

    @BeforeEach
    void makeRows() throws IOException {
        TinyModel model = TinyModel.in(folder);
        model.rows(120);
        model.rows(600);
    }

    private Ran plan(String line) {
        return Ran.in(folder, "plan @rows-120.csv " + line + MODEL);
    }

    private Ran planned(String line) {
        return Ran.in(folder, "plan " + line + " --model @encoder.onnx --max-length 20 --threads 1");
    }

    private static JsonNode json(Ran ran) throws IOException {
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        return new ObjectMapper().readTree(ran.answer());
    }

    @Test
    void rowsTokensWayMemoryAndTimeAreTold() {
        Ran ran = plan("--strategy full --batch-size 8");
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(ran.answer())
                .contains("3 labels; 84 rows to train on, 12 to choose the best epoch by, 24 to test with")
                .contains("tokens: median ", "the largest batch is 8 × 14")
                .contains("strategy full: ", "at most 2 epochs of 11 steps")
                .contains("memory: peak about ", "activations ", "time: about ");
    }

    @Test
    void rowsThatWouldChooseAnEpochAreLearnedWhereThereIsNone() {
        assertThat(plan("--strategy head").answer()).contains("3 labels; 96 rows to train on, 24 to test with");
    }

    @Test
    void nothingIsWritten() {
        assertThat(plan("--strategy full").made()).isEmpty();
    }

    @Test
    void thePartsOfTheMemoryAreInTheAnswerForPrograms() throws IOException {
        JsonNode answer = json(plan("--strategy full --batch-size 8 --json"));
        assertThat(answer.at("/batch/rows").asInt()).isEqualTo(8);
        assertThat(answer.at("/memory/optimizer").asLong())
                .as("AdamW remembers two numbers of each weight, and its steps")
                .isBetween(
                        2 * answer.at("/memory/gradients").asLong(),
                        2 * answer.at("/memory/gradients").asLong() + 1024);
        assertThat(answer.at("/memory/peak").asLong())
                .isGreaterThan(answer.at("/memory/process").asLong());
        assertThat(answer.at("/fits").asBoolean()).isTrue();
    }

    @Test
    void fewerWeightsThatLearnTakeLess() throws IOException {
        JsonNode all = json(plan("--strategy full --json"));
        JsonNode few = json(plan("--strategy bitfit --json"));
        assertThat(few.at("/memory/optimizer").asLong())
                .isLessThan(all.at("/memory/optimizer").asLong() / 2);
    }

    @Test
    void aLimitThatIsWideIsEnough() {
        assertThat(plan("--strategy full --memory 30GB").answer()).contains("limit: 30720 MiB is enough");
    }

    @Test
    void aLimitThatNothingMeetsEndsWithAGatesCode() {
        Ran ran = plan("--strategy full --memory 10MB");
        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.messages()).contains("cannot stay under 10 MiB", "--strategy head");
    }

    @Test
    void aRaceIsPlannedAsWhatTakesMostOfIt() {
        assertThat(plan("--strategy auto").answer()).contains("strategy lp-ft");
    }

    @Test
    void whatTrainsNoWeightsStepByStepHasTheTimeOfItsFrozenPart() {
        for (String strategy : new String[] {"head", "zero-shot"}) {
            assertThat(planned("@rows-600.csv --strategy " + strategy).answer())
                    .as(strategy)
                    .contains("memory: not told", " of one pass of the frozen part over all rows");
        }
    }

    @Test
    void theTrainingOfAnEncoderByItselfHasNoForecast() {
        assertThat(planned("@rows-600.csv --strategy few-shot").answer())
                .contains("memory: not told", "time: not measured");
    }

    @Test
    void wrongLimitsAreRefused() {
        plan("--strategy full --memory much").isRefusedWith("--memory is 'much'", "512MB");
    }
}
