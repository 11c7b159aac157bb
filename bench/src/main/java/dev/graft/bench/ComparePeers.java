package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures Graft beside its peers and writes each group of figures into its place in {@code bench/README.md}; what is not
 * measured keeps its place.
 *
 * <p>Arguments: the number of rounds, then any of {@code step one-text scoring head example fine-tuning}; without them
 * all.
 */
public final class ComparePeers {
    private static final List<String> ALL = List.of("step", "one-text", "scoring", "head", "example", "fine-tuning");

    private ComparePeers() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        List<String> wanted = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : ALL;
        var sides = new Sides(Places.fromEnvironment(), rounds);
        String peers = "The peers: " + sides.versions() + ".\n\n";
        for (String name : wanted) {
            String table = measured(rounds)
                    + peers
                    + Comparison.HEADER
                    + group(sides, name).stream().map(Comparison::row).collect(Collectors.joining());
            System.out.println(table);
            new ResultsPage(Path.of("bench/README.md")).put(name, table);
        }
    }

    private static List<Comparison> group(Sides sides, String name) throws IOException {
        return switch (name) {
            case "step" -> Steps.compared(sides);
            case "one-text" -> Scoring.oneText(sides);
            case "scoring" -> Scoring.rows(sides);
            case "head" -> Trainings.head(sides);
            case "example" -> Trainings.example(sides);
            case "fine-tuning" -> Trainings.full(sides);
            default -> throw new IllegalArgumentException(name + " is none of " + ALL);
        };
    }

    /** When and where a run was made, and how its cells are read. */
    static String measured(int rounds) throws IOException {
        return "Measured on " + LocalDate.now(ZoneOffset.UTC) + ", " + machine() + "; " + rounds
                + " rounds in turns where a cell has several figures (median first), else one.\n\n";
    }

    private static String machine() throws IOException {
        String processor = "an unnamed processor";
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            processor = Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(processor);
        }
        return Runtime.getRuntime().availableProcessors() + " processors (" + processor + "), "
                + System.getProperty("os.name") + ", Java " + Runtime.version();
    }
}
