package dev.graft.train;

import dev.graft.Digest;
import dev.graft.hub.AdapterFile;
import dev.graft.hub.Pretrained;

/** What tells one run's checkpoints from another's. */
final class Fingerprint {
    private Fingerprint() {}

    /** A digest of everything that decides the course of a run, the number of threads apart. */
    static String of(TrainingJob job, Policy policy, Pretrained pretrained) {
        StringBuilder all = new StringBuilder();
        all.append(Digest.of(job.task.table().file())).append(job.task.columns());
        job.test.ifPresent(table -> all.append(Digest.of(table.file())));
        job.pretraining.ifPresent(texts -> all.append(texts).append(Digest.of(texts.file())));
        job.labels.ifPresent(labels -> all.append(labels.words()));
        all.append(pretrained.digest())
                .append(job.strategy)
                .append(policy)
                .append(job.numbers())
                .append(job.precision);
        job.adapter.ifPresent(folder -> all.append(Digest.of(folder.resolve(AdapterFile.WEIGHTS))));
        all.append(job.validationShare)
                .append(' ')
                .append(job.testShare)
                .append(' ')
                .append(job.splitSeed());
        return Digest.of(all.toString());
    }
}
