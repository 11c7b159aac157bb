package dev.graft.train;

import dev.graft.Digest;
import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.Provenance;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Example;
import dev.graft.eval.HistoryRow;
import dev.graft.eval.Metric;
import dev.graft.eval.Report;
import dev.graft.eval.ReportData;
import dev.graft.eval.Scorable;
import dev.graft.eval.ScoreSheet;
import dev.graft.graph.Graph;
import dev.graft.hub.Pretrained;
import dev.graft.task.Corpus;
import dev.graft.task.Reading;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes a bundle of what a run came to. */
record Publication(
        TrainingJob job,
        Policy policy,
        String policyText,
        Corpus corpus,
        Reading reading,
        Pretrained pretrained,
        History history,
        double seconds) {
    private static final int PARITY_EXAMPLES = 8;
    private static final int WORST_ERRORS = 25;

    /** Writes the bundle; returns its folder. */
    Path write(Graph tuned, EncoderSettings encoder, TextRows test, float[][] logits, ScoreSheet sheet) {
        Provenance provenance = provenance();
        var contents = new BundleContents(
                reading.kind().task(),
                corpus.labels().names(),
                encoder,
                reading.thresholdsByLabel(),
                tuned,
                pretrained.tokenizer(),
                pretrained.config(),
                provenance,
                parity(test, logits),
                sheet,
                policyText,
                Report.html(report(test, logits, sheet, provenance)));
        if (job.replace) {
            BundleWriter.replace(job.output, contents);
        } else {
            BundleWriter.write(job.output, contents);
        }
        return job.output;
    }

    /** The shortest test rows, so that replaying them at every load is cheap. */
    static Parity parity(TextRows test, float[][] logits) {
        List<Parity.Example> examples = IntStream.range(0, test.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> test.tokens(row).length))
                .limit(PARITY_EXAMPLES)
                .map(row -> Parity.Example.of(test.examples().get(row).text(), test.tokens(row), logits[row]))
                .toList();
        return new Parity(Parity.TOLERANCE, examples);
    }

    private Provenance provenance() {
        List<Provenance.Source> data = new ArrayList<>();
        data.add(source("train", job.task.table().file()));
        job.test.ifPresent(table -> data.add(source("test", table.file())));
        job.pretraining.ifPresent(before -> data.add(source("unlabelled", before.file())));
        job.labels.ifPresent(words -> data.add(source("labels", words.file())));
        return new Provenance(
                version(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                seconds,
                policy.seed(),
                data,
                new Provenance.Source("pretrained", pretrained.name(), pretrained.digest(), pretrained.licence()),
                Provenance.Machine.current());
    }

    static String version() {
        String version = Publication.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static Provenance.Source source(String role, Path file) {
        return new Provenance.Source(role, String.valueOf(file.getFileName()), Digest.of(file), "");
    }

    private ReportData report(TextRows test, float[][] logits, ScoreSheet sheet, Provenance provenance) {
        List<String> texts = test.examples().stream().map(Example::text).toList();
        Scorable said = reading.scorable(test.truth(), logits);
        List<HistoryRow> rows = history.epochs().stream()
                .map(epoch -> new HistoryRow(
                        epoch.number(),
                        epoch.phase(),
                        epoch.trainLoss(),
                        epoch.validationMetric(),
                        epoch.rate(),
                        epoch.seconds()))
                .toList();
        return new ReportData(
                String.valueOf(job.output.getFileName()),
                sheet,
                history.best()
                        .map(best -> Metric.named(best.metric()).name())
                        .orElse(reading.kind().metric()),
                rows,
                said.worst(texts, WORST_ERRORS),
                policyText,
                shown(provenance),
                corpus.warnings());
    }

    private Map<String, String> shown(Provenance provenance) {
        Map<String, String> shown = new LinkedHashMap<>();
        provenance
                .data()
                .forEach(source -> shown.put(source.role() + " data", source.name() + ", SHA-256 " + source.sha256()));
        shown.put(
                "rows",
                corpus.split().train().size() + " training, "
                        + corpus.split().validation().size() + " validation, "
                        + corpus.split().test().size() + " test");
        shown.put(
                "pretrained model",
                pretrained.name() + ", SHA-256 " + pretrained.digest()
                        + (pretrained.licence().isEmpty() ? "" : ", licence " + pretrained.licence()));
        shown.put(
                "best epoch",
                history.bestEpoch() + " of " + history.epochs().size()
                        + (history.stoppedEarly() ? ", stopped early" : ""));
        shown.put("seed", String.valueOf(provenance.seed()));
        shown.put("wall time", String.format(Locale.ROOT, "%.0f s", provenance.seconds()));
        shown.put(
                "machine",
                provenance.machine().system() + ", " + provenance.machine().architecture() + ", "
                        + provenance.machine().processors() + " processors, Java "
                        + provenance.machine().java());
        shown.put("made by", "Graft " + provenance.graft() + " at " + provenance.created());
        return shown;
    }
}
