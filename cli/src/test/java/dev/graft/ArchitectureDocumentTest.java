package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds ARCHITECTURE.md to the arrows that {@link ArchitectureTest} holds the code to. */
class ArchitectureDocumentTest {
    private static final String HEADER = "| room | module | purpose | may use |";
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    @Test
    void roomsAndArrowsAreThoseOfTheTest() throws IOException {
        Map<String, List<String>> expected = new TreeMap<>();
        ArchitectureTest.ARROWS.forEach(
                (room, arrows) -> expected.put(room, arrows.stream().sorted().toList()));
        expected.put("cli", List.of("all"));
        assertThat(drawn()).isEqualTo(expected);
    }

    @Test
    void roomsLieInTheirModules() throws IOException {
        rows().forEach(row -> assertThat(ROOT.resolve(row.get(1))
                        .resolve("src/main/java/dev/graft")
                        .resolve(row.get(0)))
                .isDirectory());
    }

    private static Map<String, List<String>> drawn() throws IOException {
        Map<String, List<String>> drawn = new TreeMap<>();
        rows().forEach(row -> drawn.put(
                row.get(0),
                Arrays.stream(row.get(3).split(", "))
                        .filter(room -> !room.equals("nothing"))
                        .sorted()
                        .toList()));
        return drawn;
    }

    /** The cells of the table of rooms, code marks aside. */
    private static List<List<String>> rows() throws IOException {
        return Files.readString(ROOT.resolve("ARCHITECTURE.md"))
                .lines()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .map(cells -> {
                    assertThat(cells).hasSize(4);
                    return cells;
                })
                .toList();
    }
}
