package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that end without a bundle, and what they say and leave. */
class TrainWithoutBundleTest {
    @TempDir
    Path folder;

    private TinyModel model;

    @BeforeEach
    void makeTheModel() throws IOException {
        model = TinyModel.in(folder);
    }

    /** One word tells the label, and the encoder is a random one. */
    @Test
    void aModelThatABagOfWordsBeatsIsNotWritten() throws IOException {
        Path output = folder.resolve("model");
        Ran ran = Ran.of(
                folder,
                "train",
                model.rows(900).toString(),
                "--model",
                model.encoder().toString(),
                "--output",
                output.toString(),
                "--strategy",
                "head",
                "--max-length",
                "20",
                "--cache-size",
                "0");
        assertThat(ran.exitCode()).as(ran.messages()).isEqualTo(3);
        assertThat(ran.messages())
                .contains("transfer harmed: worse than n-grams + logistic regression (1.000): -")
                .contains("more rows, take another --model, or use the simpler classifier")
                .contains("--allow-negative-transfer");
        assertThat(output).doesNotExist();
        assertThat(folder.resolve("model.training")).doesNotExist();
        assertThat(ran.answer()).isEmpty();
    }

    private Ran exploding(String... options) throws IOException {
        Path bad = folder.resolve("bad");
        Files.createDirectory(bad);
        TinyModel exploding = TinyModel.in(bad);
        Explosion.in(exploding.encoder());
        List<String> line = new ArrayList<>(List.of("train", exploding.rows(60).toString()));
        line.addAll(List.of("--model", exploding.encoder().toString()));
        line.addAll(List.of("--output", folder.resolve("model").toString(), "--max-length", "20"));
        line.addAll(List.of(options));
        return Ran.of(folder, line.toArray(String[]::new));
    }

    @Test
    void anExplodingRateEndsWithTheRowsNamedAndTheWeightsKept() throws IOException {
        Ran ran = exploding("--strategy", "full");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.messages())
                .containsPattern("graft: The loss is (NaN|-?Infinity) for a batch of these rows:")
                .containsPattern("rows-60.csv.+w\\d+ w\\d+")
                .contains("model.training")
                .contains("a lower --learning-rate");
        assertThat(folder.resolve("model.training/state.safetensors")).exists();
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void anEncoderThatOverflowsIsToldBeforeARace() throws IOException {
        Ran ran = exploding();
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.messages())
                .containsPattern("graft: The model's vector of .*rows-60.csv, line \\d+.* holds (NaN|-?Infinity)")
                .contains("Take another --model");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void aBudgetIsMoreThanNothingAndForARaceAlone() throws IOException {
        String rows = model.rows(30).toString();
        Ran.of(folder, "train", rows, "--strategy", "auto", "--budget", "0")
                .isRefusedWith("--budget must be more than 0 and at most 100000 minutes, not 0.0");
        Ran.of(folder, "train", rows, "--strategy", "head", "--budget", "3")
                .isRefusedWith("--budget goes with --strategy auto");
    }

    @Test
    void aNegativeIntervalIsRefused() throws IOException {
        Ran.of(folder, "train", model.rows(30).toString(), "--checkpoint-interval", "-1")
                .isRefusedWith("--checkpoint-interval must be 0 or more seconds, not -1");
    }
}
