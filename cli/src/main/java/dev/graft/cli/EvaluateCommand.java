package dev.graft.cli;

import dev.graft.Digest;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.data.Columns;
import dev.graft.data.Example;
import dev.graft.data.Examples;
import dev.graft.data.LabelSet;
import dev.graft.data.Table;
import dev.graft.eval.Evaluation;
import dev.graft.eval.Predictions;
import dev.graft.eval.Scores;
import dev.graft.eval.ScoresText;
import dev.graft.eval.WrongAnswer;
import dev.graft.predict.Predictor;
import dev.graft.predict.PredictorSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft evaluate}: a bundle against labelled rows. */
@Command(
        name = "evaluate",
        footer = {"Example: graft evaluate support-model examples/support.csv", ""},
        customSynopsis = "graft evaluate BUNDLE DATA [OPTION]...",
        sortOptions = false,
        description = "Scores a bundle on labelled rows: metrics with intervals, per class, confusions, worst errors.")
final class EvaluateCommand implements Callable<Integer> {
    private static final int LINES = 200;

    private final Console console;

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "The folder that graft train wrote.")
    private Path bundle = Path.of("");

    @Parameters(index = "1", paramLabel = "DATA", description = "Labelled rows: CSV, TSV, JSON Lines or Parquet.")
    private Path data = Path.of("");

    @Option(names = "--text", paramLabel = "COLUMN", description = "Column of the texts; else found by name or shape.")
    private @Nullable String text;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of the labels; else found by name or shape.")
    private @Nullable String label;

    @Option(
            names = "--errors",
            paramLabel = "N",
            defaultValue = "10",
            description = "Worst errors to show (default: ${DEFAULT-VALUE}).")
    private int errors;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the intervals (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        machine.requireDevice();
        Table table = Table.read(data);
        Columns columns = Columns.find(table, Optional.ofNullable(text), Optional.ofNullable(label));
        console.say(data + ": " + table.rows().size() + " rows; " + columns.description());
        List<Example> examples = Examples.from(table, columns);
        var settings = PredictorSettings.DEFAULT.withThreads(machine.threads());
        try (Predictor predictor = Predictor.open(bundle, settings)) {
            warnIfTrainedOn(predictor.bundle());
            List<String> labels = predictor.labels();
            int[] expected = new LabelSet(labels).numbers(examples);
            List<String> texts = Examples.texts(examples);
            var predictions = new Predictions(
                    labels, expected, predictor.probabilities(texts.iterator()).toArray(float[][]::new));
            Scores scores = Evaluation.of(predictions, seed);
            tell(scores, WrongAnswer.worst(predictions, texts, Math.max(0, errors)));
        }
        return 0;
    }

    /** Scores on rows that a model has learned from say nothing of rows that it has not. */
    private void warnIfTrainedOn(Bundle of) {
        String digest = Digest.of(data);
        boolean trainedOn = of.manifest().provenance().data().stream()
                .anyMatch(source ->
                        source.role().equals("train") && source.sha256().equals(digest));
        if (trainedOn) {
            console.warn(data + " is the file that the model was trained on, so these scores are too good; the held-out"
                    + " ones are in " + of.file(Bundle.SCORES));
        }
    }

    private void tell(Scores scores, List<WrongAnswer> worst) {
        if (common.json) {
            console.answer(Json.text(new Result(scores, worst)).stripTrailing());
            return;
        }
        console.answer(ScoresText.overall(scores));
        console.answer(ScoresText.classes(scores, LINES));
        console.answer(ScoresText.confusions(scores, LINES).stripTrailing());
        if (!worst.isEmpty()) {
            console.answer("");
            console.answer("most confident errors");
            worst.forEach(error -> console.answer(String.format(
                    Locale.ROOT,
                    "  %.3f  %s instead of %s: %s",
                    error.probability(),
                    error.predicted(),
                    error.expected(),
                    error.text().strip().replaceAll("\\s+", " "))));
        }
    }

    private record Result(Scores scores, List<WrongAnswer> worstErrors) {}
}
