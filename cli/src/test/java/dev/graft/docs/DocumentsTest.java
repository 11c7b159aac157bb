package dev.graft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what can be held of the documents without running anything. */
class DocumentsTest {
    private static final Set<String> LANGUAGES =
            Set.of("bash", "console", "java", "yaml", "xml", "python", "json", "text");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z]+([A-Z][a-z0-9]*)+");

    /** Names in code spans that look like a class of ours and are none. */
    private static final Set<String> OTHERS = Set.of(
            "AutoTokenizer",
            "InferenceSession",
            "LayerNorm",
            "ArgMax",
            "BatchNormalization",
            "MatMul",
            "LayerNormalization",
            "SafeTensors");

    static List<Path> all() {
        return Documents.all();
    }

    static List<Path> forUsers() {
        return Documents.forUsers();
    }

    @Test
    void thereAreDocuments() {
        assertThat(forUsers()).hasSizeGreaterThan(8);
        assertThat(all()).hasSizeGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("all")
    void linksLeadSomewhere(Path document) {
        List<String> dead = new ArrayList<>();
        Matcher links = LINK.matcher(Documents.text(document));
        while (links.find()) {
            String target = links.group(1);
            if (!target.contains("://")
                    && !Files.exists(document.resolveSibling(target).normalize())) {
                dead.add(target);
            }
        }
        assertThat(dead).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void classesThatAreNamedAreThere(Path document) throws IOException {
        Set<String> known = classes();
        List<String> gone = new ArrayList<>();
        Matcher spans = CODE.matcher(Documents.text(document));
        while (spans.find()) {
            String name = spans.group(1).replaceFirst("[.(:].*", "");
            if (CLASS.matcher(name).matches() && !known.contains(name) && !OTHERS.contains(name)) {
                gone.add(name);
            }
        }
        assertThat(gone).isEmpty();
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @MethodSource("forUsers")
    void everyBlockIsRunOrSaysWhyNot(Path document) {
        for (Block block : Block.of(document)) {
            assertThat(block.language()).as("language of %s", block).isIn(LANGUAGES);
            boolean checkedElsewhere =
                    block.remark("from").isPresent() || block.remark("file").isPresent();
            boolean data = Set.of("text", "json", "xml").contains(block.language());
            assertThat(block.isRun()
                            || checkedElsewhere
                            || data
                            || block.remark("not run:").isPresent())
                    .as("%s is run, or compared with a file, or says why not", block)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("forUsers")
    void javaStandsInAProgramThatIsRun(Path document) {
        for (Block block : Block.of(document)) {
            block.remark("from").ifPresent(file -> {
                String program = plain(Documents.text(Documents.ROOT.resolve(file)));
                assertThat(program)
                        .as("%s, of which %s shows a part", file, block)
                        .contains(plain(block.text()));
            });
        }
    }

    /** Without indentation, which differs between a part and the whole. */
    private static String plain(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }

    @Test
    void everyDecisionIsInTheIndex() {
        Path index = Documents.ROOT.resolve("docs/decisions/README.md");
        String text = Documents.text(index);
        assertThat(Documents.all())
                .filteredOn(document -> document.getParent().equals(index.getParent()) && !document.equals(index))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(text).contains("(" + document.getFileName() + ")"));
    }

    @Test
    void everyPageOfTheGuideIsInItsIndex() {
        Path index = Documents.ROOT.resolve("docs/guide/README.md");
        String text = Documents.text(index);
        assertThat(Documents.forUsers())
                .filteredOn(document -> document.getParent().equals(index.getParent()) && !document.equals(index))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(text).contains("(" + document.getFileName() + ")"));
    }
}
