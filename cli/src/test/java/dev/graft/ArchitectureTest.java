package dev.graft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the rooms and arrows that ARCHITECTURE.md draws. */
class ArchitectureTest {
    private static final String ROOT = "dev.graft";

    /** A run that finds nothing would pass every rule. */
    private static final int FEWEST_CLASSES = 200;

    /** Lines of the longest file that is still one thing. */
    private static final int LONGEST_FILE = 300;

    /** What each room may use besides itself, the root package and the JDK. */
    static final Map<String, List<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("tensor", List.of()),
            Map.entry("graph", List.of("tensor")),
            Map.entry("rewrite", List.of("graph", "tensor")),
            Map.entry("data", List.of("tensor")),
            Map.entry("task", List.of("graph", "rewrite", "data", "eval", "tensor")),
            Map.entry("run", List.of("graph", "tensor")),
            Map.entry("eval", List.of("data")),
            Map.entry("bundle", List.of("graph", "data", "task", "eval", "tensor")),
            Map.entry("hub", List.of("bundle", "rewrite", "graph", "tensor")),
            Map.entry("torch", List.of("run", "rewrite", "graph", "tensor")),
            Map.entry(
                    "train",
                    List.of("torch", "task", "rewrite", "data", "eval", "bundle", "hub", "run", "graph", "tensor")),
            Map.entry("ort", List.of("run", "graph", "tensor")),
            Map.entry("predict", List.of("ort", "bundle", "task", "rewrite", "data", "run", "graph", "tensor")),
            Map.entry("watch", List.of("eval")),
            Map.entry("serve", List.of("watch", "predict", "bundle", "task", "data", "graph", "tensor"))));

    /** Tests lie in {@code test-classes} of whichever build folder, or in core's jar of test helpers. */
    private static final ImportOption NO_TESTS =
            location -> !location.contains("/test-classes/") && !location.contains("-tests.jar");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(NO_TESTS).importPackages(ROOT);

    @Test
    void allClassesAreSeen() {
        assertThat(CLASSES).hasSizeGreaterThan(FEWEST_CLASSES);
    }

    @TestFactory
    Stream<DynamicTest> roomsUseOnlyWhatTheirArrowsSay() {
        return ARROWS.entrySet().stream()
                .map(arrow ->
                        DynamicTest.dynamicTest(arrow.getKey(), () -> checkArrows(arrow.getKey(), arrow.getValue())));
    }

    private static void checkArrows(String room, List<String> allowed) {
        String[] forbidden = Stream.concat(ARROWS.keySet().stream(), Stream.of("cli"))
                .filter(other -> !other.equals(room) && !allowed.contains(other))
                .map(other -> ROOT + "." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(CLASSES);
    }

    @Test
    void everyRoomHasItsArrows() {
        List<String> rooms = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1).split("\\.")[0])
                .distinct()
                .filter(room -> !room.equals("cli"))
                .toList();
        assertThat(ARROWS.keySet()).containsAll(rooms);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nativesStayInTheirRooms() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".torch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".ort..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysThatNothingIsNull() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .check(CLASSES);
        Map<String, Long> described = new TreeMap<>();
        CLASSES.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .forEach(type -> described.put(type.getPackageName(), 1L));
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct()).allMatch(described::containsKey);
    }

    @Test
    void noNameSaysNothing() {
        assertThat(CLASSES.stream().map(JavaClass::getSimpleName))
                .noneMatch(name -> name.matches(".*(Impl|Manager|Util|Utils|Helper|Helpers)"));
    }

    @Test
    void filesStayShort() throws Exception {
        Path root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> sources = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ArchitectureTest::javaFiles)
                    .toList();
            int[] lengths =
                    sources.stream().mapToInt(ArchitectureTest::lines).sorted().toArray();
            assertThat(lengths).hasSizeGreaterThan(FEWEST_CLASSES);
            assertThat(sources)
                    .as("files of more than %s lines", LONGEST_FILE)
                    .filteredOn(file -> lines(file) > LONGEST_FILE)
                    .isEmpty();
            assertThat(lengths[lengths.length / 2]).as("median length").isLessThanOrEqualTo(120);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .sorted(Comparator.naturalOrder())
                    .toList()
                    .stream();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int lines(Path file) {
        try {
            return Math.toIntExact(
                    Arrays.stream(Files.readString(file).split("\n")).count());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
