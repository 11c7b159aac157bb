package dev.graft.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.docs.Workplace.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every shell snippet of the README and the guide as it stands, a folder a document, in the document's order.
 *
 * <p>The README comes first, and trains the example in full. A document that says {@code <!-- given: support-model -->}
 * finds the bundle of that training.
 */
@Tag("slow")
class SnippetsTest {
    private static final String BUNDLE = "support-model";
    private static final String GIVEN = "<!-- given: " + BUNDLE + " -->";

    @TempDir
    private static Path folders;

    private static Path bundle = Path.of("");

    static List<Path> guide() {
        return Documents.guide();
    }

    @BeforeAll
    static void theReadmeDoesWhatItSays() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the snippets are written for bash");
        Workplace workplace = Workplace.in(Files.createDirectory(folders.resolve("readme")));
        run(Documents.README, workplace);
        bundle = workplace.folder().resolve(BUNDLE);
    }

    @ParameterizedTest
    @MethodSource("guide")
    void snippetsDoWhatTheDocumentSays(Path document) throws Exception {
        Workplace workplace = Workplace.in(Files.createDirectory(folders.resolve(document.getFileName())));
        if (Documents.text(document).contains(GIVEN)) {
            workplace.lend(bundle, BUNDLE);
        }
        run(document, workplace);
    }

    private static void run(Path document, Workplace workplace) throws IOException, InterruptedException {
        for (Block block : Block.of(document)) {
            if (block.remark("file").isPresent()) {
                Files.writeString(
                        workplace.folder().resolve(block.remark("file").get()), block.text());
            } else if (block.isRun() && block.language().equals("bash")) {
                check(block, workplace.run(block.text(), block.inFull()));
            } else if (block.isRun()) {
                runShown(block, workplace);
            }
        }
    }

    private static void runShown(Block block, Workplace workplace) throws IOException, InterruptedException {
        for (ShownOutput shown : ShownOutput.of(block)) {
            Result result = workplace.run(shown.command(), block.inFull());
            check(block, result);
            assertThat(shown.missingFrom(result.output()))
                    .as(
                            "lines that %s shows, and that '%s' does not print:%n%s",
                            block, shown.command(), result.output())
                    .isEmpty();
        }
    }

    private static void check(Block block, Result result) {
        assertThat(result.exitCode())
                .as("exit code of %s, which printed%n%s", block, result.output())
                .isEqualTo(block.exitCode());
    }
}
