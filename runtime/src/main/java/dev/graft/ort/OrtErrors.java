package dev.graft.ort;

import ai.onnxruntime.OrtException;
import dev.graft.graph.GraphException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ONNX Runtime's errors in Graft's words. */
final class OrtErrors {
    private static final Pattern NODE =
            Pattern.compile("while running (?<operator>\\S+) node\\. Name:'(?<name>[^']*)'\\s*(Status Message:\\s*)?");
    private static final Pattern ORIGIN = Pattern.compile("\\S*onnxruntime\\S*\\.(cc|h):\\d+ .*?(?=\\S+ was false|$)");

    private OrtErrors() {}

    /** The error with the failing node named first where ONNX Runtime tells it. */
    static GraphException translated(String what, OrtException error) {
        String message = String.valueOf(error.getMessage()).strip();
        Matcher node = NODE.matcher(message);
        if (!node.find()) {
            return new GraphException(what + ": " + message, error);
        }
        String cause =
                ORIGIN.matcher(message.substring(node.end())).replaceFirst("").strip();
        return new GraphException(
                what + " at node '" + node.group("name") + "' (" + node.group("operator") + "): "
                        + (cause.isEmpty() ? message : cause),
                error);
    }
}
