package dev.graft.serve;

import dev.graft.GraftException;

/** A batch job's run ends before its time, because it was cancelled or the server stops. */
final class JobStopped extends GraftException {
    private static final long serialVersionUID = 1L;

    JobStopped() {
        super("The job was stopped");
    }
}
