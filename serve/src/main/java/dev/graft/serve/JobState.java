package dev.graft.serve;

import java.util.Locale;

/** How far a batch job is. */
enum JobState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Whether nothing follows. */
    boolean ended() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** As callers read it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
