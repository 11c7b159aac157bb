package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What libtorch throws, in words for a user: its one useful line without the native stack, and a hint where memory ran out. */
final class NativeFailure {
    private static final List<String> NO_MEMORY = List.of("not enough memory", "can't allocate", "out of memory");

    /** Where in libtorch's sources something was asserted, and what else no user can read. */
    private static final Pattern NATIVE =
            Pattern.compile("\\S+ INTERNAL ASSERT FAILED at \\S+, please report a bug to PyTorch\\.? ?"
                    + "|\\[?enforce fail at [^\\]]*\\]\\.? ?|Expected .* to be true, but got false\\.  ?\\(Could this error"
                    + " message be improved\\?.*\\)|Exception raised from .*|\\s+$");

    private NativeFailure() {}

    /**
     * The error to throw instead.
     *
     * @param where what failed, as the subject of a sentence
     */
    static GraftException of(String where, RuntimeException cause) {
        return cause instanceof GraftException known ? known : of(where, "", cause);
    }

    private static GraftException of(String where, String more, RuntimeException cause) {
        String reason = reason(cause) + more;
        String lower = reason.toLowerCase(Locale.ROOT);
        return NO_MEMORY.stream().anyMatch(lower::contains)
                ? new GraftException(
                        where + " failed because memory ran out; use a smaller batch or shorter inputs (" + reason
                                + ")",
                        cause)
                : new GraphException(where + " failed: " + reason, cause);
    }

    /**
     * The error of a node: one that names the node's label first gets its full name, one of a node within it stays, and any
     * other gets the name before it.
     *
     * @param operands type and shape of each
     */
    static GraftException of(Node node, NodeNames names, List<String> operands, RuntimeException cause) {
        String subject = "The " + node.label();
        String full = "The " + names.of(node);
        if (!(cause instanceof GraftException known)) {
            return of(full, "; its operands are " + String.join(", ", operands), cause);
        }
        String message = String.valueOf(known.getMessage());
        if (message.startsWith(full) || message.startsWith("The node '") && !message.startsWith(subject + " ")) {
            return known;
        }
        String named = message.startsWith(subject + " ")
                ? full + message.substring(subject.length())
                : full + " failed: " + message;
        return known instanceof InputException ? new GraphException(named, known) : new GraftException(named, known);
    }

    private static String reason(RuntimeException cause) {
        String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        String useful = NATIVE.matcher(line).replaceAll("").replace("c10::", "").strip();
        return useful.isEmpty() ? "its operands do not fit it" : useful;
    }
}
