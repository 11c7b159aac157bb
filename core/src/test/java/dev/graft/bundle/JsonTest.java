package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    record Point(int leftSide, List<String> names) {}

    @Test
    void recordsAreWrittenInSnakeCaseAndDeclaredOrder() {
        assertThat(Json.text(new Point(3, List.of("a", "b"))))
                .isEqualTo("{\n  \"left_side\": 3,\n  \"names\": [ \"a\", \"b\" ]\n}\n");
    }

    @Test
    void whatIsWrittenIsRead() {
        var point = new Point(3, List.of("a", "ü"));
        assertThat(parse(Json.text(point))).isEqualTo(point);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"left_side\": 1}",
                "{\"left_side\": null, \"names\": []}",
                "{\"left_side\": 1.5, \"names\": []}",
                "{\"left_side\": 1, \"names\": [], \"more\": 1}",
                "{\"left_side\": 1, \"left_side\": 2, \"names\": []}",
                "{\"left_side\": 1, \"names\": []} trailing",
                "{\"left_side\": 99999999999, \"names\": []}",
                "{\"left_side\": 1, \"names\": [null]}x",
                "{\"left_side\": 1, \"names\""
            })
    void whateverIsNotWhatTheTypeAsksForIsRefusedWithItsSource(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(InputException.class).hasMessageStartingWith("point.json");
    }

    @Test
    void anErrorTellsLineAndColumn() {
        assertThatThrownBy(() -> parse("{\n  \"left_side\": oops\n}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("column");
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() ->
                        Json.parse("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), "deep.json", JsonNode.class))
                .isInstanceOf(InputException.class);
    }

    @Test
    void sizeIsBoundedBeforeReading(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("large.json"), "[1, 2, 3]");
        assertThatThrownBy(() -> Json.tree(file, 8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("9 bytes");
        assertThat(Json.tree(file, 9)).hasSize(3);
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> Json.tree(folder.resolve("absent.json"), 8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("absent.json")
                .hasMessageContaining("does not exist");
    }

    private static Point parse(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8), "point.json", Point.class);
    }
}
