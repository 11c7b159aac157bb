package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.graph.GraphException;
import dev.graft.ort.OrtRuntime;
import dev.graft.run.Runtime;
import dev.graft.torch.ops.Operators;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own operator tests on both runtimes, for every operator in the table.
 *
 * <p>{@code conformance/torch.txt} and {@code conformance/ort.txt} list what is left out, by a pattern of test names and
 * the reason; {@code conformance/without.txt} the operators that the table leaves out.
 */
@Tag("slow")
class ConformanceTest {
    private static final OpTable TABLE = Operators.standard();

    /** So that an archive that is read wrongly does not pass for one that passes. */
    private static final int AT_LEAST = 1100;

    private static List<ConformanceCase> cases = List.of();

    @BeforeAll
    static void findCases() {
        Optional<Path> archive = ConformanceCase.archive();
        assumeTrue(
                archive.isPresent(),
                "ONNX's operator tests are absent: put onnx-backend-1.17.0.tar.gz into $GRAFT_CONFORMANCE");
        cases = ConformanceCase.all(archive.get());
    }

    @Test
    void libtorchPassesForEveryOperatorInTheTable() throws IOException {
        check("torch", new Torch(TorchSettings.defaults().withThreads(1), graph -> graph));
    }

    @Test
    void onnxRuntimePassesForEveryOperatorInTheTable() throws IOException {
        check("ort", new OrtRuntime());
    }

    @Test
    void everyOperatorOutsideTheTableIsListed() throws IOException {
        var outside = new TreeSet<String>();
        cases.forEach(test -> outside.addAll(lacking(test)));
        assertThat(outside).containsExactlyInAnyOrderElementsOf(operatorsOutside());
    }

    private static void check(String runtime, Runtime executor) throws IOException {
        Map<Pattern, String> reasons = reasons(runtime + ".txt");
        var failures = new TreeMap<String, String>();
        var needless = new TreeSet<String>();
        int passed = 0;
        int left = 0;
        for (ConformanceCase test : cases) {
            if (!lacking(test).isEmpty()) {
                continue;
            }
            Optional<String> mismatch = test.mismatch(executor);
            boolean ignored = reasons.keySet().stream()
                    .anyMatch(pattern -> pattern.matcher(test.name()).matches());
            if (ignored && mismatch.isEmpty()) {
                needless.add(test.name());
            } else if (ignored) {
                left++;
            } else if (mismatch.isPresent()) {
                failures.put(test.name(), mismatch.get());
            } else {
                passed++;
            }
        }
        String counts = passed + " passed, " + left + " left out, " + failures.size() + " failed, of " + cases.size();
        Files.writeString(Path.of("target", "conformance-" + runtime + ".txt"), counts + "\n" + lines(failures));
        assertThat(failures).as(counts).isEmpty();
        assertThat(needless).as("left out although they pass").isEmpty();
        assertThat(passed).as(counts).isGreaterThanOrEqualTo(AT_LEAST);
    }

    private static String lines(Map<String, String> failures) {
        return failures.entrySet().stream()
                .map(failure -> failure.getKey() + ": " + failure.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static Set<String> lacking(ConformanceCase test) {
        try {
            return ConformanceCase.lacking(test.graph(), TABLE);
        } catch (GraphException e) {
            return Set.of("unreadable: " + test + ": " + e.getMessage());
        }
    }

    private static List<String> operatorsOutside() throws IOException {
        return lines("without.txt");
    }

    private static Map<Pattern, String> reasons(String file) throws IOException {
        var reasons = new LinkedHashMap<Pattern, String>();
        for (String line : lines(file)) {
            String[] parts = line.split("\\s+#\\s+", 2);
            reasons.put(Pattern.compile(parts[0]), parts[1]);
        }
        return reasons;
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("/conformance/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
