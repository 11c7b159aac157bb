package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.serve.JobSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code graft serve} keeps batch jobs. */
final class JobOptions {
    private static final int MB = 20;

    @Option(
            names = "--jobs-dir",
            paramLabel = "FOLDER",
            description = "Where batch jobs' files outlast the server; else a temporary folder goes with it.")
    @Nullable
    Path folder;

    @Option(
            names = "--max-jobs",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most batch jobs that are kept, ended ones included; 0 takes none"
                    + " (default: ${DEFAULT-VALUE}).")
    int maxJobs;

    @Option(
            names = "--max-job-size",
            paramLabel = "MB",
            defaultValue = "100",
            description = "Largest file of a batch job (default: ${DEFAULT-VALUE}).")
    int maxJobSize;

    @Option(
            names = "--jobs-space",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "Most disk space of all batch jobs together (default: ${DEFAULT-VALUE}).")
    int jobsSpace;

    @Option(
            names = "--jobs-ttl",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long a batch job is kept once it has ended (default: ${DEFAULT-VALUE}).")
    int jobsTtl;

    /** @throws InputException if a number is out of range */
    JobSettings settings() {
        requireAtLeast("--max-jobs", maxJobs, 0);
        requireAtLeast("--max-job-size", maxJobSize, 1);
        requireAtLeast("--jobs-space", jobsSpace, 1);
        requireAtLeast("--jobs-ttl", jobsTtl, 1);
        return new JobSettings(
                Optional.ofNullable(folder),
                maxJobs,
                (long) maxJobSize << MB,
                (long) jobsSpace << MB,
                Duration.ofSeconds(jobsTtl),
                JobSettings.DEFAULT.heartBeat());
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new InputException(option + " must be " + least + " or more, not " + value);
        }
    }
}
