package dev.graft.train;

import dev.graft.GraftException;
import java.nio.file.Path;

/** A run was asked to stop and did so at a safe point; it can be resumed. */
public final class Interrupted extends GraftException {
    private static final long serialVersionUID = 1L;

    Interrupted(Path checkpoint) {
        super("Interrupted; everything up to the last step is kept in " + checkpoint
                + ". The same command with --resume goes on from there.");
    }

    @Override
    public int exitCode() {
        return 130;
    }
}
