package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.bundle.Json;
import dev.graft.bundle.TinyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a bundle or with what is asked of it, each with its message. */
class WrongBundleTest {
    @TempDir
    Path folder;

    private Path bundle;

    @BeforeEach
    void writeBundle() throws IOException {
        bundle = Files.move(TinyBundle.write(folder), folder.resolve("bundle"));
    }

    @Test
    void whatIsNoBundleIsSaidToBeNone() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        Files.createDirectory(folder.resolve("empty"));
        isRefused("absent", "There is no bundle", "a bundle is the folder that `graft train` writes");
        isRefused("file", "file is a file", "a bundle is the folder that `graft train` writes");
        isRefused("empty", "is no bundle: it holds no graft.json");
    }

    @Test
    void aChangedFileIsNamed() throws IOException {
        Files.writeString(bundle.resolve("scores.json"), "{}");
        isRefused("bundle", "[scores.json] differ from what was written");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(bundle.resolve("model.onnx"));
        isRefused("bundle", "model.onnx");
    }

    @Test
    void aNewerFormatAsksForANewerGraft() throws IOException {
        change("\"format\": 1", "\"format\": 999");
        isRefused("bundle", "999");
    }

    @Test
    void aNameOutsideOfTheFolderIsRefused() throws IOException {
        change("\"model.onnx\"", "\"../model.onnx\"");
        isRefused("bundle", "../model.onnx");
    }

    @Test
    void aManifestThatIsNoJsonIsNamed() throws IOException {
        Files.writeString(bundle.resolve("graft.json"), "{\"format\": 1");
        isRefused("bundle", "graft.json");
    }

    @Test
    void labelsThatTheBundleLacksAreAllReported() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "text,label\nlost,card\nsent,cards\nmoney,zebra\n");
        Ran.in(folder, "evaluate @bundle @rows.csv")
                .isRefusedWith(
                        "2 problems in", "line 3: label 'cards'", "did you mean 'card'?", "line 4: label 'zebra'");
    }

    @Test
    void tornRowsLeaveNoOutput() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "text\nlost\n\"open\n");
        Ran.in(folder, "predict @bundle --input @rows.csv --output @o.csv").isRefusedWith("line 3: a quote opens here");
    }

    @Test
    void anotherFileIsReplacedOnlyIfThatIsAsked() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "text\nlost\n");
        Files.writeString(folder.resolve("o.csv"), "old");
        Ran.in(folder, "predict @bundle --input @rows.csv --output @o.csv").isRefusedWith("o.csv exists; --force");
        assertThat(folder.resolve("o.csv")).hasContent("old");
    }

    @Test
    void aBundleIsReplacedOnlyIfThatIsAsked() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        Ran.in(folder, "train @rows.csv --output @bundle")
                .isRefusedWith("holds a bundle already; --force replaces it, or choose another with --output");
        Ran.in(folder, "train @rows.csv --output @bundle --force --model @none.onnx")
                .isRefusedWith("none.onnx");
        assertThat(bundle.resolve("graft.json")).exists();
    }

    @Test
    void quietAndJsonLeaveOneObjectAndNoMessages() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "text,label\nlost,card\nsent,transfer\nmoney,other\n");
        for (String line : new String[] {
            "predict @bundle lost --json --quiet",
            "predict @bundle --input @rows.csv --output @o.jsonl --force --json --quiet",
            "evaluate @bundle @rows.csv --json --quiet",
            "inspect @bundle --json --quiet"
        }) {
            Ran ran = Ran.in(folder, line);
            assertThat(ran.exitCode()).as(ran.messages()).isZero();
            assertThat(ran.messages()).isEmpty();
            byte[] answer = ran.answer().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(Json.parse(answer, line, JsonNode.class).isObject()).isTrue();
        }
    }

    private void change(String from, String to) throws IOException {
        Path manifest = bundle.resolve("graft.json");
        String text = Files.readString(manifest);
        assertThat(text).contains(from);
        Files.writeString(manifest, text.replace(from, to));
    }

    private void isRefused(String name, String... parts) {
        Ran.in(folder, "predict @" + name + " lost").isRefusedWith(parts);
    }
}
