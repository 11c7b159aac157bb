package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import dev.graft.data.Columns;
import dev.graft.data.RowSource;
import dev.graft.predict.Answer;
import dev.graft.predict.AnswerFormat;
import dev.graft.predict.AnswerWriter;
import dev.graft.predict.LabelProbability;
import dev.graft.predict.Predictor;
import dev.graft.predict.PredictorSettings;
import dev.graft.predict.TableAnswers;
import dev.graft.task.TargetKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft predict}: texts to answers. */
@Command(
        name = "predict",
        footer = {"Example: graft predict support-model \"Where is my parcel?\"", ""},
        customSynopsis = "graft predict BUNDLE TEXT... | BUNDLE --input FILE --output FILE [OPTION]...",
        sortOptions = false,
        description = "Answers with labels and probabilities; files are streamed, so they may have any size.")
final class PredictCommand implements Callable<Integer> {
    private static final int SHOWN = 3;
    private static final int PROGRESS_EVERY = 1000;

    private final Console console;

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "The folder that graft train wrote.")
    private Path bundle = Path.of("");

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TEXT", description = "Texts to answer.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--input", paramLabel = "FILE", description = "Texts in a CSV, TSV, JSON Lines or Parquet file.")
    private @Nullable Path input;

    @Option(names = "--output", paramLabel = "FILE", description = "Answers, a row a text: .csv, .tsv or .jsonl.")
    private @Nullable Path output;

    @Option(names = "--text", paramLabel = "COLUMN", description = "Column of the texts; else found by name or shape.")
    private @Nullable String text;

    @Option(names = "--force", description = "Replace the output file.")
    private boolean force;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Texts computed together (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Mixin
    private PrecisionOptions precision = new PrecisionOptions();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        if (texts.isEmpty() == (input == null)) {
            throw new InputException("Give either texts behind the bundle or a file with --input");
        }
        if (batchSize < 1) {
            throw new InputException("--batch-size must be 1 or more, not " + batchSize);
        }
        machine.requireDevice();
        var settings = PredictorSettings.DEFAULT
                .withThreads(machine.threads())
                .withBatchSize(batchSize)
                .withEngine(precision.engine(console));
        if (input == null) {
            try (Predictor predictor = Predictor.open(bundle, settings)) {
                tell(predictor.predict(texts), predictor.reading().kind());
            }
        } else {
            predictFile(input, checkedOutput(), settings);
        }
        return 0;
    }

    private Path checkedOutput() {
        if (output == null) {
            throw new InputException("--input needs --output: the file that takes the answers");
        }
        if (Files.isDirectory(output)) {
            throw new InputException("--output " + output + " is a folder; the name of a file was expected");
        }
        if (Files.exists(output) && !force) {
            throw new InputException(output + " exists; --force replaces it");
        }
        format(output);
        SafeFile.requireWritable(output);
        return output;
    }

    private void tell(List<Answer> answers, TargetKind kind) {
        if (common.json) {
            Object printed = kind == TargetKind.REGRESSION
                    ? new Numbers(answers.stream().map(Answer::number).toList())
                    : new Answers(answers);
            console.answer(Json.text(printed).stripTrailing());
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            if (answers.size() > 1) {
                console.answer((i > 0 ? "\n" : "") + texts.get(i));
            }
            tell(answers.get(i), kind);
        }
    }

    private void tell(Answer answer, TargetKind kind) {
        if (kind == TargetKind.REGRESSION) {
            console.answer(answer.label());
            return;
        }
        int shown = Math.max(SHOWN, answer.labels().size());
        for (LabelProbability each :
                answer.all().subList(0, Math.min(shown, answer.all().size()))) {
            boolean given = kind == TargetKind.MULTI_LABEL && answer.labels().contains(each.label());
            console.answer(
                    String.format(Locale.ROOT, "%.4f  %s%s", each.probability(), each.label(), given ? "  *" : ""));
        }
    }

    private void predictFile(Path from, Path to, PredictorSettings settings) {
        long start = System.nanoTime();
        try (RowSource rows = RowSource.open(from);
                Predictor predictor = Predictor.open(bundle, settings)) {
            Columns columns = Columns.textOnly(from, rows.columns(), rows.sample(), Optional.ofNullable(text));
            console.say(from + ": " + columns.description());
            long[] done = {0};
            SafeFile.write(
                    to,
                    out -> done[0] = write(
                            rows,
                            columns,
                            predictor,
                            AnswerWriter.of(format(to), predictor.reading().kind(), out)));
            double seconds = (System.nanoTime() - start) / 1e9;
            console.say(String.format(
                    Locale.ROOT, "%d rows in %.1f s (%.0f rows/s): %s", done[0], seconds, done[0] / seconds, to));
        }
        if (common.json) {
            console.answer(Json.text(new Written(to.toString())).stripTrailing());
        }
    }

    private long write(RowSource rows, Columns columns, Predictor predictor, AnswerWriter writer) throws IOException {
        Progress bar = new Progress(console);
        bar.begin("predicting", Long.MAX_VALUE);
        long rowsDone = TableAnswers.write(
                rows, columns, texts -> predictor.predict(texts).iterator(), writer, done -> {
                    if (done % PROGRESS_EVERY == 0) {
                        bar.at(done, "rows", "");
                    }
                });
        bar.end();
        return rowsDone;
    }

    private static AnswerFormat format(Path file) {
        return AnswerFormat.of(file.toString())
                .orElseThrow(() -> new InputException(
                        "--output " + file + " must end in .csv, .tsv or .jsonl, which says how answers are written"));
    }

    private record Answers(List<Answer> answers) {}

    private record Numbers(List<Double> numbers) {}

    private record Written(String output) {}
}
