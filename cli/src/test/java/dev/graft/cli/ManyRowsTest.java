package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file whose rows would not fit the heap trains a head and is scored, in a process with little heap. */
@Tag("slow")
class ManyRowsTest {
    private static final int ROWS = 400_000;
    /** Their text alone takes more: a row takes 200 bytes and more when it is held. */
    private static final String HEAP = "-Xmx48m";

    private static final int LONGEST_SECONDS = 240;

    @TempDir
    Path folder;

    private Path rows;

    @BeforeEach
    void makeRows() throws IOException {
        TinyModel.in(folder);
        rows = folder.resolve("rows.csv");
        try (BufferedWriter out = Files.newBufferedWriter(rows)) {
            out.write("text,label\n");
            for (int row = 0; row < ROWS; row++) {
                out.write("w" + row % 3 + " w" + (3 + row % 89) + " w" + (3 + row % 97) + ",label " + row % 3 + "\n");
            }
        }
    }

    @Test
    void aDrawnPartTrainsAHeadAndAllRowsAreScored() throws Exception {
        assertThat(run(
                        "train",
                        "rows.csv",
                        "--model",
                        "encoder.onnx",
                        "--max-length",
                        "20",
                        "--strategy",
                        "head",
                        "--max-train-samples",
                        "2000",
                        "--output",
                        "model",
                        "--allow-negative-transfer",
                        "--cache-size",
                        "0"))
                .contains("2000 of 400000 rows, drawn by the seed");
        assertThat(folder.resolve("model/policy.yaml")).content().contains("max-train-samples: 2000");
        run("predict", "model", "--input", "rows.csv", "--output", "answers.csv", "--batch-size", "256", "--force");
        try (Stream<String> answers = Files.lines(folder.resolve("answers.csv"))) {
            assertThat(answers.count()).isEqualTo(ROWS + 1);
        }
    }

    @Test
    void rowsThatDoNotFitAreRefusedWithWhatToDo() throws Exception {
        assertThat(run(2, "train", "rows.csv", "--model", "encoder.onnx", "--strategy", "head"))
                .contains("is too large to be held in memory", "--max-train-samples");
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        return run(0, arguments);
    }

    private String run(int code, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.openblas.load=mkl",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.graft.cli.Main"));
        command.addAll(List.of(arguments));
        Path messages = folder.resolve("messages.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(messages);
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }
}
