package dev.graft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.docs.Workplace.Result;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs in {@code examples/java}. */
class ExamplesTest {
    private static final Path PROGRAMS = Documents.ROOT.resolve("examples/java");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> programs = Files.list(PROGRAMS)) {
            StringWriter findings = new StringWriter();
            List<String> options = List.of(
                    "-cp",
                    Workplace.classPath(),
                    "-d",
                    classes().toString(),
                    "-Xlint:all,-processing,-path,-classfile");
            boolean done = compiler.getTask(
                            findings,
                            manager,
                            null,
                            options,
                            null,
                            manager.getJavaFileObjectsFromPaths(
                                    programs.sorted().toList()))
                    .call();
            assertThat(findings.toString()).isEmpty();
            assertThat(done).isTrue();
        }
    }

    private static Path classes() {
        return folder.resolve("classes");
    }

    @Test
    void programsCompileWithoutAWarning() {
        assertThat(classes().resolve("TrainAndPredict.class")).isRegularFile();
    }

    @Test
    @Tag("slow")
    void programsDoWhatTheySay() throws Exception {
        Workplace workplace = Workplace.in(Files.createDirectory(folder.resolve("work")));
        assertThat(run(workplace, "TrainAndPredict"))
                .containsPattern("(?m)accuracy on \\d+ rows")
                .containsPattern("(?m)^\\w+ \\(0\\.\\d\\d\\)$");
        assertThat(run(workplace, "TrainWithRecipe"))
                .contains("epoch 2: accuracy")
                .containsPattern("accuracy 0\\.\\d+, from");
        assertThat(run(workplace, "PredictFile")).contains("messages ask about a refund");
        assertThat(run(workplace, "AskTogether")).containsPattern("(?m)^I want my money back \\w+$");
        assertThat(run(workplace, "LookInside")).contains("nodes become").contains("Attention=");
        assertThat(run(workplace, "TrainImages")).containsPattern("accuracy (1\\.00|0\\.9\\d)");
    }

    private static String run(Workplace workplace, String program) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Result result = workplace.run(
                "'%s' -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp '%s:%s' %s"
                        .formatted(java, classes(), Workplace.classPath(), program),
                false);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }
}
