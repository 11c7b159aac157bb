package dev.graft.bench;

import dev.graft.SafeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures Graft beside its peers in one run and writes the results into {@code bench/README.md}.
 *
 * <p>Arguments: the number of rounds, then any of {@code step one-text scoring fine-tuning}; without them all.
 */
public final class ComparePeers {
    private static final List<String> ALL = List.of("step", "one-text", "scoring", "fine-tuning");

    private static final String MARK = "<!-- results -->";

    private ComparePeers() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        List<String> wanted = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : ALL;
        var peers = new Peers(Places.fromEnvironment(), rounds);
        List<Comparison> comparisons = new ArrayList<>();
        for (String name : wanted) {
            List<Comparison> measured = switch (name) {
                case "step" -> peers.step();
                case "one-text" -> peers.oneText();
                case "scoring" -> peers.scoring();
                case "fine-tuning" -> peers.fineTuning();
                default -> throw new IllegalArgumentException(name + " is none of " + ALL);
            };
            comparisons.addAll(measured);
            measured.forEach(each -> System.out.print(each.row()));
        }
        Path page = Path.of("bench/README.md");
        String text = Files.readString(page);
        String kept = text.substring(0, text.indexOf(MARK) + MARK.length());
        SafeFile.write(page, kept + "\n\n" + text(comparisons, rounds));
    }

    private static String text(List<Comparison> comparisons, int rounds) throws IOException {
        return measured(rounds)
                + Comparison.HEADER
                + comparisons.stream().map(Comparison::row).collect(Collectors.joining());
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
