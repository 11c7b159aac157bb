package dev.graft.torch;

import dev.graft.torch.ops.Operators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The text of {@code OPERATORS.md}, made from the operator table. */
final class OperatorsPage {
    private static final Path FILE = Path.of("..", "OPERATORS.md");

    private OperatorsPage() {}

    /** Writes the page anew. */
    static void write() throws IOException {
        Files.writeString(FILE, text());
    }

    static String onDisk() throws IOException {
        return Files.readString(FILE);
    }

    static String text() {
        OpTable table = Operators.standard();
        var versions = table.versions();
        String rows = versions.entrySet().stream()
                .map(entry -> row(
                        entry.getKey(),
                        entry.getValue(),
                        !table.withoutGradient().contains(entry.getKey())))
                .collect(Collectors.joining());
        return """
                # Operators

                What Graft can train: the operators that its libtorch runtime executes. A model with others is refused before
                training starts, with all that is missing named at once. ONNX Runtime, which serves, knows more.

                A version is the operator set from which a meaning holds; later sets that changed nothing are not listed.
                The gradient is autograd's, compared with central differences in float64; "none" stands where the result
                moves in steps or not at all. `dev.graft` operators are made by fusion and never stand in a file.

                This page is made from the operator table: `mvn -pl train -am test -Dtest=OperatorsPageTest
                -Dgraft.write -Dsurefire.failIfNoSpecifiedTests=false` writes it anew.

                %d operators:

                | operator | domain | meanings since | gradient |
                |---|---|---|---|
                %s""".formatted(versions.size(), rows);
    }

    private static String row(String qualified, List<Long> since, boolean gradient) {
        int dot = qualified.lastIndexOf('.');
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        qualified.substring(dot + 1),
                        dot < 0 ? "ai.onnx" : qualified.substring(0, dot),
                        since.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        gradient ? "yes" : "none");
    }
}
