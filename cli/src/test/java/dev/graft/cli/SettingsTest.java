package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No number of a training is silently unused: a strategy that trains nothing refuses each by its name. */
class SettingsTest {
    /** What no policy holds: how texts are read, and what the machine computes in. */
    private static final List<String> OF_EVERY_RUN = List.of("--max-length", "--precision");

    /** Numbers of an option that is given beside them. */
    private static final List<String> OF_ANOTHER = List.of("--lr-scheduler-kwargs", "--optim-args", "--loss-args");

    @TempDir
    Path folder;

    static List<String> options() {
        return new CommandLine(new RecipeOptions())
                .getCommandSpec().options().stream()
                        .map(OptionSpec::longestName)
                        .filter(name -> !OF_EVERY_RUN.contains(name) && !OF_ANOTHER.contains(name))
                        .toList();
    }

    private static String value(String option) {
        var values = new TreeMap<>(java.util.Map.of(
                "--lr-scheduler-type", "cosine",
                "--optim", "lion",
                "--loss", "focal",
                "--class-weight", "balanced",
                "--sampler", "balanced",
                "--metric-for-best-model", "loss",
                "--weight-averaging", "ema",
                "--learning-rate", "0.01"));
        return values.getOrDefault(
                option,
                List.of(
                                        "--epochs",
                                        "--batch-size",
                                        "--warmup-steps",
                                        "--gradient-accumulation",
                                        "--early-stopping-patience")
                                .contains(option)
                        ? "2"
                        : "0.25");
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyNumberOfATrainingIsRefusedWhereNothingIsTrained(String option) throws Exception {
        Tables.balanced(folder.resolve("rows.csv"));
        Ran ran = Ran.in(folder, "train @rows.csv --strategy head --output @model " + option + " " + value(option));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains(option).containsAnyOf("no effect with --strategy head", "trains none");
    }
}
