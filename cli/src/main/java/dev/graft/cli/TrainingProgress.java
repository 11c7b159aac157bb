package dev.graft.cli;

import dev.graft.eval.Metric;
import dev.graft.train.History;
import dev.graft.train.Listener;
import java.util.Locale;

/** Tells a person how a training goes: a bar within an epoch, a line for each. */
final class TrainingProgress implements Listener {
    private final Console console;
    private final Progress bar;
    private int rows;
    private int epochs;

    TrainingProgress(Console console) {
        this.console = console;
        this.bar = new Progress(console);
    }

    @Override
    public void warning(String message) {
        console.warn(message);
    }

    @Override
    public void stage(String message) {
        bar.end();
        console.say(message);
    }

    @Override
    public void prefixComputed(int rowsDone, int ofRows) {
        if (rowsDone == ofRows) {
            bar.end();
            console.say("frozen part computed once for " + ofRows + " distinct texts");
        } else {
            bar.begin("frozen part", ofRows);
            bar.at(rowsDone, "texts", "");
        }
    }

    @Override
    public void epochStarted(int epoch, int ofEpochs, int ofRows) {
        rows = ofRows;
        epochs = ofEpochs;
        bar.begin("epoch " + epoch + "/" + ofEpochs, ofRows);
    }

    @Override
    public void stepEnded(int rowsDone, double meanLoss) {
        bar.at(rowsDone, "rows", String.format(Locale.ROOT, "loss %.3f", meanLoss));
    }

    @Override
    public void epochEnded(History.Epoch epoch, boolean kept) {
        bar.end();
        console.say(String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.3f%s  %s (%.0f rows/s)%s",
                epoch.number(),
                epochs,
                epoch.trainLoss(),
                scores(epoch),
                Progress.time(epoch.seconds()),
                rows / Math.max(1e-9, epoch.seconds()),
                kept && epoch.validated() ? "  best so far" : ""));
    }

    private String scores(History.Epoch epoch) {
        return epoch.validated()
                ? String.format(
                        Locale.ROOT,
                        "  validation %s %.3f  %s %.3f",
                        Metric.named(epoch.metric()).name(),
                        epoch.validationMetric(),
                        epoch.metric().equals(Metric.ACCURACY.key()) ? "log loss" : "loss",
                        epoch.validationLoss())
                : "";
    }
}
