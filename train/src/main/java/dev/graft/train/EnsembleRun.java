package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Manifest;
import dev.graft.data.EncoderSettings;
import dev.graft.data.TextEncoder;
import dev.graft.eval.Control;
import dev.graft.eval.Scorable;
import dev.graft.eval.ScoreSheet;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.Hub;
import dev.graft.hub.Pretrained;
import dev.graft.rewrite.Ensemble;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.task.Corpus;
import dev.graft.task.Reading;
import dev.graft.torch.Device;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Trains the members of an ensemble one after another, each as a run of its own, and joins what comes of them. */
final class EnsembleRun {
    private final TrainingJob job;
    private final Path folder;
    private final long start = System.nanoTime();

    EnsembleRun(TrainingJob job) {
        this.job = job;
        this.folder = job.output.resolveSibling(job.output.getFileName() + ".members");
    }

    TrainingResult run() {
        BundleWriter.requireFree(job.output, job.replace);
        Answers.requireAble(
                job,
                job.strategy.policy(job.numbers(), TrainingRun.ANY_BLOCKS, job.seed),
                job.task.target().kind());
        job.members.forEach(member -> member.strategy().policy(member.recipe(), TrainingRun.ANY_BLOCKS, member.seed()));
        Corpora.requireMeant(job);
        Effects.of(job).require(job.asked);
        if (!job.resume) {
            delete();
        }
        List<Graph> graphs = new ArrayList<>();
        for (int i = 0; i < job.members.size(); i++) {
            graphs.add(member(i).graph());
        }
        TrainingResult result = publish(Ensemble.of(graphs));
        delete();
        return result;
    }

    /** The bundle of one member, trained now if it is not there from a run that was stopped. */
    private Bundle member(int number) {
        Member member = job.members.get(number);
        TrainingJob one = job(member, folder.resolve("member-" + (number + 1)));
        job.listener.stage("member " + (number + 1) + " of " + job.members.size() + ": strategy "
                + member.strategy().spelled() + ", seed " + member.seed());
        if (!Files.isRegularFile(one.output.resolve(Manifest.FILE))) {
            create();
            return one.run().bundle();
        }
        Bundle kept = Bundle.open(one.output);
        Policy policy = one.adapterOptions.on(
                one.strategy.policy(one.numbers(), TrainingRun.ANY_BLOCKS, one.seed), one.strategy);
        if (!PolicyFile.of(one, one.strategy, one.numbers(), policy).equals(read(kept.file(Bundle.POLICY)))) {
            throw new InputException(
                    one.output + " belongs to a run with other options; give the same command as before, or"
                            + " leave --resume out to start anew");
        }
        return kept;
    }

    /** The run of one member: as this one, but for what is the member's own. */
    private TrainingJob job(Member member, Path output) {
        TrainingJob one = job.copy();
        one.splitSeed = OptionalLong.of(job.seed);
        one.members = List.of();
        one.replace = false;
        one.allowNegativeTransfer = true;
        return one.strategy(member.strategy())
                .recipe(member.recipe())
                .seed(member.seed())
                .output(output);
    }

    private TrainingResult publish(Graph joined) {
        Corpus corpus = Corpora.of(job, job.policy(Depths.of(joined)));
        Pretrained pretrained = new Hub(job.hub).resolve(job.model);
        List<String> inputs = joined.inputs().stream().map(ValueInfo::name).toList();
        var settings = new EncoderSettings(job.numbers().maxLength(), pretrained.prefix());
        try (TextEncoder encoder = TextEncoder.open(settings, pretrained.tokenizer())) {
            TextRows train = new TextRows(corpus.split().train(), corpus.labels(), encoder, inputs);
            TextRows held = new TextRows(corpus.split().validation(), corpus.labels(), encoder, inputs);
            TextRows rows = new TextRows(corpus.split().test(), corpus.labels(), encoder, inputs);
            Parts parts = new Parts(train, held, rows, new TextRows(List.of(), corpus.labels(), encoder, inputs));
            job.listener.stage(
                    "scoring the mean of " + job.members.size() + " members on " + rows.size() + " test rows");
            float[][] logits = logits(joined, rows);
            Reading reading = parts.reading(asked -> logits);
            ScoreSheet sheet = sheet(reading.scorable(rows.truth(), logits), parts);
            double seconds = (System.nanoTime() - start) / 1e9;
            Policy policy = job.policy(Depths.of(joined));
            String options = PolicyFile.of(job, job.strategy, job.numbers(), policy);
            Path bundle = new Publication(job, policy, options, corpus, reading, pretrained, History.NONE, seconds)
                    .write(joined, encoder.settings(), rows, logits, sheet);
            return new TrainingResult(Bundle.unverified(bundle), sheet, History.NONE);
        }
    }

    /** @throws dev.graft.GateException if a control that needs no trunk is better, and that is not allowed */
    private ScoreSheet sheet(Scorable mean, Parts parts) {
        Map<String, Scorable> baselines = Baselines.predictions(parts, new KeptResults(job.featureCache));
        var controls = new Controls(settings(), job.seed);
        List<Control> beside = controls.beside(
                mean, Controls.named(baselines, controls.random(parts, new KeptResults(job.featureCache))));
        if (!job.allowNegativeTransfer && beside.stream().anyMatch(Control::refuses)) {
            throw Controls.refusal(beside);
        }
        return ScoreSheet.of(mean, baselines, job.seed).withControls(beside);
    }

    private TorchSettings settings() {
        return new TorchSettings(Device.CPU, job.threads, Precision.FP32, unpacked -> {});
    }

    private float[][] logits(Graph joined, TextRows rows) {
        try (Network network = new Torch(settings(), Fusion.standard()).prepare(joined)) {
            return Logits.of(network, rows, job.numbers().batchSize());
        }
    }

    private void create() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new GraftException("Cannot make the folder " + folder + " for the members: " + e.getMessage(), e);
        }
    }

    private void delete() {
        try {
            SafeFile.delete(folder);
        } catch (IOException e) {
            throw new GraftException("Cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new GraftException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
