package dev.graft.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How batch jobs are kept.
 *
 * @param folder where files and results lie, so that they outlast the server; empty for a temporary folder that goes
 *     with it
 * @param maxJobs most jobs that are kept, ended ones included
 * @param maxFileBytes most bytes of one file
 * @param maxBytes most bytes of all files and results together
 * @param keep how long an ended job is kept
 * @param heartBeat how long an event stream stays silent
 */
public record JobSettings(
        Optional<Path> folder, int maxJobs, long maxFileBytes, long maxBytes, Duration keep, Duration heartBeat) {
    /** A temporary folder, 64 jobs of 100 MB, 1 GB in all, a day. */
    public static final JobSettings DEFAULT =
            new JobSettings(Optional.empty(), 64, 100L << 20, 1L << 30, Duration.ofDays(1), Duration.ofSeconds(15));

    public JobSettings {
        if (maxJobs < 0
                || maxFileBytes < 1
                || maxBytes < 1
                || keep.isNegative()
                || heartBeat.isNegative()
                || heartBeat.isZero()) {
            throw new IllegalArgumentException("A number is out of range");
        }
    }
}
