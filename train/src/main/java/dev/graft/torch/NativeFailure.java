package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.graph.GraphException;
import java.util.List;
import java.util.Locale;

/** What libtorch throws, in words for a user: its first line without the native stack, and a hint where memory ran out. */
final class NativeFailure {
    private static final List<String> NO_MEMORY = List.of("not enough memory", "can't allocate", "out of memory");

    private NativeFailure() {}

    /**
     * The error to throw instead.
     *
     * @param where what failed, as the subject of a sentence
     */
    static GraftException of(String where, RuntimeException cause) {
        if (cause instanceof GraftException known) {
            return known;
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        String lower = reason.toLowerCase(Locale.ROOT);
        return NO_MEMORY.stream().anyMatch(lower::contains)
                ? new GraftException(
                        where + " failed because memory ran out; use a smaller batch or shorter inputs (" + reason
                                + ")",
                        cause)
                : new GraphException(where + " failed: " + reason, cause);
    }
}
