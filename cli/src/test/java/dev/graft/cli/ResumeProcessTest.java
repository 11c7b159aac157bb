package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are ended in the middle of their training, and gone on with. */
@Tag("slow")
class ResumeProcessTest {
    private static final int KILLS = 5;
    private static final int LATEST_MILLISECONDS = 1_200;

    @TempDir
    Path folder;

    private TinyModel model;
    private Path rows;

    @BeforeEach
    void makeTheRows() throws IOException {
        model = TinyModel.in(folder);
        rows = model.rows(600);
    }

    private GraftProcess train(String output, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                rows.toString(),
                "--model",
                model.encoder().toString(),
                "--output",
                output,
                "--epochs",
                "6",
                "--allow-negative-transfer"));
        if (!List.of(more).contains("--strategy")) {
            arguments.addAll(List.of("--strategy", "full", "--early-stopping-patience", "0"));
        }
        arguments.addAll(List.of("--learning-rate", "5e-3", "--threads", "1"));
        arguments.addAll(List.of("--checkpoint-interval", "0", "--max-length", "20"));
        arguments.addAll(List.of(more));
        return GraftProcess.start(folder, arguments.toArray(String[]::new));
    }

    private String digest(String output) {
        return Digest.of(folder.resolve(output).resolve("model.onnx"));
    }

    private String uninterrupted() throws Exception {
        try (GraftProcess whole = train("whole")) {
            assertThat(whole.await()).as(whole.messages()).isZero();
        }
        return digest("whole");
    }

    @Test
    void aRunThatIsKilledAgainAndAgainEndsAsTheUninterruptedOne() throws Exception {
        String expected = uninterrupted();
        Random random = new Random(11);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            try (GraftProcess process = train("killed", "--resume")) {
                process.awaitMessage("to choose the best epoch by");
                Thread.sleep(random.nextInt(LATEST_MILLISECONDS));
                killed += process.isAlive() ? 1 : 0;
                process.kill();
            }
        }
        assertThat(killed).isPositive();
        if (!Files.exists(folder.resolve("killed"))) {
            try (GraftProcess last = train("killed", "--resume")) {
                assertThat(last.await()).as(last.messages()).isZero();
            }
        }
        assertThat(digest("killed")).isEqualTo(expected);
        assertThat(folder.resolve("killed.training")).doesNotExist();
    }

    @Test
    void controlCKeepsTheRunAndSaysHowToGoOn() throws Exception {
        String expected = uninterrupted();
        try (GraftProcess process = train("stopped")) {
            process.awaitMessage("epoch 1/");
            process.interrupt();
            assertThat(process.await()).isEqualTo(130);
            assertThat(process.messages())
                    .contains("graft: Interrupted; everything up to the last step is kept in ")
                    .contains("stopped.training")
                    .contains("The same command with --resume goes on from there.");
        }
        assertThat(folder.resolve("stopped")).doesNotExist();
        try (GraftProcess process = train("stopped", "--resume")) {
            assertThat(process.await()).as(process.messages()).isZero();
            assertThat(process.messages()).contains("going on with the run that is kept in");
        }
        assertThat(digest("stopped")).isEqualTo(expected);
    }

    /** The tiny encoder's laps take a second or so each; whatever lap the kill meets, the ones before it are kept. */
    @Test
    void aRaceThatIsKilledAgainAndAgainEndsAsTheUninterruptedOne() throws Exception {
        String[] auto = {"--strategy", "auto", "--resume"};
        try (GraftProcess whole = train("whole", auto)) {
            assertThat(whole.await()).as(whole.messages()).isZero();
        }
        Random random = new Random(5);
        boolean goneOn = false;
        for (int i = 0; i < KILLS && !Files.exists(folder.resolve("killed")); i++) {
            try (GraftProcess process = train("killed", auto)) {
                process.awaitMessage("race: head over");
                Thread.sleep(random.nextInt(LATEST_MILLISECONDS));
                process.kill();
                goneOn |= process.messages().contains("going on with the run that is kept in");
            }
        }
        if (!Files.exists(folder.resolve("killed"))) {
            try (GraftProcess last = train("killed", auto)) {
                assertThat(last.await()).as(last.messages()).isZero();
            }
        }
        assertThat(goneOn).isTrue();
        assertThat(digest("killed")).isEqualTo(digest("whole"));
        assertThat(Files.readString(folder.resolve("killed/policy.yaml")))
                .isEqualTo(Files.readString(folder.resolve("whole/policy.yaml")));
        assertThat(folder.resolve("killed.training")).doesNotExist();
    }
}
