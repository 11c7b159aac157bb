package dev.graft.cli;

import dev.graft.Digest;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.data.Example;
import dev.graft.data.Examples;
import dev.graft.data.LabelSet;
import dev.graft.data.Table;
import dev.graft.eval.Evaluation;
import dev.graft.eval.Mistake;
import dev.graft.eval.NumberError;
import dev.graft.eval.Scorable;
import dev.graft.eval.Scores;
import dev.graft.eval.ScoresText;
import dev.graft.eval.WrongAnswer;
import dev.graft.predict.Predictor;
import dev.graft.predict.PredictorSettings;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import dev.graft.task.TextClassification;
import dev.graft.task.Truth;
import dev.graft.task.WantedTarget;
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
            names = "--label-separator",
            paramLabel = "SIGN",
            description = "Between several labels of a cell; else a semicolon, bar or comma is found.")
    private @Nullable String separator;

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
    private PrecisionOptions precision = new PrecisionOptions();

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
        Reading known = Bundle.unverified(bundle).manifest().reading();
        var task = new TextClassification(
                Table.read(data), Optional.ofNullable(text), Optional.ofNullable(label), wanted(known));
        console.say(data + ": " + task.table().rows().size() + " rows; "
                + task.columns().description());
        List<Example> examples = task.examples();
        var settings = PredictorSettings.DEFAULT.withThreads(machine.threads()).withEngine(precision.engine(console));
        try (Predictor predictor = Predictor.open(bundle, settings)) {
            warnIfTrainedOn(predictor.bundle());
            Truth truth = task.target().truth(new LabelSet(predictor.labels()), examples);
            List<String> texts = Examples.texts(examples);
            Scorable said = predictor
                    .reading()
                    .scored(truth, predictor.probabilities(texts.iterator()).toArray(float[][]::new));
            tell(Evaluation.of(said, seed), said.worst(texts, Math.max(0, errors)));
        }
        return 0;
    }

    /** What the bundle answers; how a cell holds several labels is found, or asked for. */
    private WantedTarget wanted(Reading reading) {
        List<String> order = reading.kind() == TargetKind.ORDINAL ? reading.labels() : List.of();
        return new WantedTarget(Optional.of(reading.kind()), Optional.ofNullable(separator), order);
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

    private void tell(Scores scores, List<? extends Mistake> worst) {
        if (common.json) {
            console.answer(Json.text(new Result(scores, worst)).stripTrailing());
            return;
        }
        console.answer(ScoresText.overall(scores));
        if (!scores.perClass().isEmpty()) {
            console.answer(ScoresText.classes(scores, LINES));
        }
        if (!scores.calibration().isEmpty()) {
            console.answer(ScoresText.confusions(scores, LINES).stripTrailing());
        }
        if (!worst.isEmpty()) {
            console.answer("");
            console.answer("worst errors");
            worst.forEach(error -> console.answer(String.format(
                    Locale.ROOT,
                    "  %.3f  %s instead of %s: %s",
                    size(error),
                    error.predicted(),
                    error.expected(),
                    error.text().strip().replaceAll("\\s+", " "))));
        }
    }

    /** How far off a number is, or how sure a wrong label was. */
    private static double size(Mistake error) {
        return error instanceof NumberError number ? number.error() : ((WrongAnswer) error).probability();
    }

    private record Result(Scores scores, List<? extends Mistake> worstErrors) {}
}
