package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bundle.Bundle;
import dev.graft.predict.Answer;
import dev.graft.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZeroShotCommandTest {
    private static final String MODEL = " --model @encoder.onnx --output @model --max-length 20 --threads 1";
    private static final double ROUNDING = 1e-3;

    @TempDir
    Path folder;

    private TinyModel model;

    @BeforeEach
    void makeTheModel() throws IOException {
        model = TinyModel.in(folder);
        Files.writeString(folder.resolve("labels.txt"), "late\tw5 w6 w7\nlost\tw20 w31\nw9 w10\n");
    }

    private Ran train(String line) {
        return Ran.in(folder, "train " + line + MODEL);
    }

    @Test
    void aListOfLabelsIsEnoughForABundleThatAnswers() {
        Ran ran = train("--strategy zero-shot --labels @labels.txt");
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(ran.answer()).contains("bundle: " + folder.resolve("model"), "next: graft predict");
        Bundle bundle = Bundle.open(folder.resolve("model"));
        assertThat(bundle.scores().path("headline").asText()).startsWith("Not scored");
        assertThat(bundle.file(Bundle.REPORT)).content().contains("Not scored", "w20 w31");
        try (Predictor predictor = Predictor.open(bundle.folder())) {
            assertThat(predictor.labels()).containsExactly("late", "lost", "w9 w10");
            Answer answer = predictor.predict("w20 w31");
            assertThat(answer.label()).isEqualTo("lost");
        }
    }

    /** The cosine of a text with its own words is 1, and the temperature 0.05. */
    @Test
    void aLogitIsACosineOverTheTemperature() {
        train("--strategy zero-shot --labels @labels.txt");
        var example = Bundle.open(folder.resolve("model")).parity().examples().stream()
                .filter(each -> each.text().equals("w20 w31"))
                .findFirst()
                .orElseThrow();
        assertThat(example.outputs().get(1)).isCloseTo(20f, within((float) ROUNDING));
        assertThat(example.outputs()).allSatisfy(logit -> assertThat(logit).isBetween(-20.001f, 20.001f));
    }

    @Test
    void thePolicyRepeatsABundleWithoutRows() {
        train("--strategy zero-shot --labels @labels.txt");
        assertRepeats();
    }

    @Test
    void rowsScoreTheLabels() throws IOException {
        String rows = model.rows(90).getFileName().toString();
        Ran ran = train("@" + rows + " --strategy zero-shot");
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(ran.messages()).contains("a head made of what the labels are called; nothing is trained");
        assertThat(Bundle.open(folder.resolve("model")).scores().has("baselines"))
                .isTrue();
        assertRepeats();
    }

    @Test
    void aFileOfLabelsHoldsMoreThanTheRowsDo() throws IOException {
        Files.writeString(folder.resolve("labels.txt"), "label 0\tw0\nlabel 1\tw1\nlabel 2\tw2\nlabel 3\tw3\n");
        Ran ran = train("@" + model.rows(90).getFileName() + " --strategy zero-shot --labels @labels.txt");
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(Bundle.open(folder.resolve("model")).manifest().labels()).hasSize(4);
        assertRepeats();
    }

    @Test
    void rowsUnderLabelsThatTheFileLacksAreRefused() throws IOException {
        String rows = model.rows(30).getFileName().toString();
        train("@" + rows + " --strategy zero-shot --labels @labels.txt")
                .isRefusedWith("line 2: label 'label 0' is not among the 3 that the model knows");
    }

    @Test
    void labelsThatAreNumbersAreRefused() throws IOException {
        Files.writeString(folder.resolve("labels.txt"), "0\n1\n");
        train("--strategy zero-shot --labels @labels.txt")
                .isRefusedWith("of the 2 labels '0', '1' have none", "'name<TAB>description'");
    }

    @Test
    void onlyZeroShotDoesWithoutRows() {
        train("--strategy head --labels @labels.txt").isRefusedWith("Missing required parameter: 'DATA'");
        train("--strategy zero-shot").isRefusedWith("Missing required parameter: 'DATA'");
        train("--strategy zero-shot --labels @labels.txt --test @labels.txt").isRefusedWith("--test needs DATA too");
        train("--strategy zero-shot --labels @no.txt").isRefusedWith("There is no file");
        train("--strategy zero-shot --labels @labels.txt --epochs 3 --task ordinal")
                .isRefusedWith("--epochs, --task have no effect without DATA");
    }

    private void assertRepeats() {
        Ran again = Ran.in(folder, "train --config @model/policy.yaml --output @again");
        assertThat(again.exitCode()).as(again.messages()).isZero();
        assertThat(folder.resolve("again/model.onnx")).hasSameBinaryContentAs(folder.resolve("model/model.onnx"));
    }
}
