package dev.graft.train;

import dev.graft.GraftException;
import java.nio.file.Path;

/** Loss or gradient is no longer a number. */
final class Diverged extends GraftException {
    private static final long serialVersionUID = 1L;

    Diverged(String message) {
        super(message);
    }

    /** The same, saying where the weights before the failing step are kept. */
    Diverged keptIn(Path file) {
        return new Diverged(
                getMessage() + "\nThe weights before that step are kept in " + file
                        + ". Look at these rows; or train anew, without --resume, with a lower --learning-rate or --max-grad-norm 1.");
    }
}
