package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
    private static final long MEGABYTE = 1L << 20;

    @TempDir
    Path folder;

    private Path bundle = Path.of("unset");

    @BeforeEach
    void write() throws IOException {
        bundle = TinyBundle.write(folder);
    }

    @Test
    void whatIsWrittenIsRead() {
        Bundle read = Bundle.open(bundle);
        assertThat(read.manifest().format()).isEqualTo(1);
        assertThat(read.manifest().labels()).isEqualTo(TinyBundle.LABELS);
        assertThat(read.manifest().encoder().maxLength()).isEqualTo(16);
        assertThat(read.manifest().thresholds()).containsEntry("card", 0.5);
        assertThat(read.manifest().provenance().seed()).isEqualTo(42);
        assertThat(read.parity()).isEqualTo(TinyBundle.parity());
        assertThat(read.graph().toString()).isEqualTo(TinyBundle.graph().toString());
        assertThat(read.graph().weights()).isEqualTo(TinyBundle.graph().weights());
        assertThat(read.scores().path("accuracy").path("value").asDouble()).isEqualTo(0.75);
    }

    @Test
    void theFolderHoldsTheFilesOfTheInterfaceAndNothingIsLeftBesideIt() throws IOException {
        assertThat(names(bundle))
                .containsExactlyInAnyOrder(
                        "graft.json",
                        "model.onnx",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "config.json",
                        "scores.json",
                        "parity.json",
                        "policy.yaml",
                        "report.html");
        assertThat(names(folder)).containsExactlyInAnyOrder("source-tokenizer.json", "tiny-bundle");
    }

    @Test
    void theConfigNamesLabelsAsHuggingFaceDoes() {
        var config = Json.tree(bundle.resolve("config.json"), MEGABYTE);
        assertThat(config.path("id2label").path("1").asText()).isEqualTo("transfer");
        assertThat(config.path("label2id").path("other").asInt()).isEqualTo(2);
        assertThat(config.path("architectures").path(0).asText()).isEqualTo("BertForSequenceClassification");
        var tokenizer = Json.tree(bundle.resolve("tokenizer_config.json"), MEGABYTE);
        assertThat(tokenizer.path("pad_token").asText()).isEqualTo("[PAD]");
        assertThat(tokenizer.path("model_max_length").asInt()).isEqualTo(16);
    }

    @Test
    void aPretrainedConfigIsKeptBesideTheLabels() throws IOException {
        Path config = Files.writeString(
                folder.resolve("pretrained.json"),
                "{\"model_type\": \"xlm-roberta\", \"architectures\": [\"XLMRobertaForMaskedLM\"], \"hidden_size\": 8,"
                        + " \"id2label\": {\"0\": \"LABEL_0\"}}");
        BundleContents old = TinyBundle.contents(folder);
        var contents = new BundleContents(
                old.task(),
                old.labels(),
                old.encoder(),
                old.thresholds(),
                old.graph(),
                old.tokenizer(),
                java.util.Optional.of(config),
                old.provenance(),
                old.parity(),
                old.scores(),
                old.policy(),
                old.report());
        BundleWriter.write(folder.resolve("other"), contents);
        var written = Json.tree(folder.resolve("other/config.json"), MEGABYTE);
        assertThat(written.path("hidden_size").asInt()).isEqualTo(8);
        assertThat(written.path("model_type").asText()).isEqualTo("xlm-roberta");
        assertThat(written.path("architectures").path(0).asText()).isEqualTo("XLMRobertaForSequenceClassification");
        assertThat(written.path("id2label")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "tokenizer.json", "parity.json", "report.html", "policy.yaml"})
    void aChangedByteIsFound(String name) throws IOException {
        byte[] content = Files.readAllBytes(bundle.resolve(name));
        content[content.length / 2] ^= 1;
        Files.write(bundle.resolve(name), content);
        assertThatThrownBy(() -> Bundle.open(bundle))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(bundle.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Bundle.open(bundle))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("lacks [tokenizer.json]");
    }

    @Test
    void aNewerVersionAsksForANewerGraft() throws IOException {
        change(manifest -> manifest.put("format", 3).put("what_version_3_adds", true));
        assertThatThrownBy(() -> Bundle.open(bundle))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("format version 3")
                .hasMessageContaining("update Graft");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/etc/passwd", "a/b", "..", ".hidden", "C:\\x", "graft.json", ""})
    void aNameThatCouldLeadOutIsRefused(String name) throws IOException {
        change(manifest -> ((ObjectNode) manifest.get("files")).put(name, "0".repeat(64)));
        assertThatThrownBy(() -> Bundle.open(bundle))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no name of a file in a bundle");
    }

    @Test
    void aFileThatTheManifestDoesNotListIsMissed() throws IOException {
        change(manifest -> ((ObjectNode) manifest.get("files")).remove("model.onnx"));
        assertThatThrownBy(() -> Bundle.open(bundle)).hasMessageContaining("does not list [model.onnx]");
    }

    @Test
    void anUnknownPropertyIsNamedWithItsPlace() throws IOException {
        change(manifest -> manifest.put("lables", "typo"));
        assertThatThrownBy(() -> Bundle.open(bundle))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("graft.json")
                .hasMessageContaining("lables")
                .hasMessageContaining("line");
    }

    @Test
    void labelsAreDistinct() throws IOException {
        change(manifest -> manifest.putArray("labels").add("a").add("a"));
        assertThatThrownBy(() -> Bundle.open(bundle)).hasMessageContaining("named twice");
    }

    @Test
    void deepNestingIsRefusedWithoutAStackOverflow() throws IOException {
        Files.writeString(bundle.resolve("graft.json"), "[".repeat(100_000));
        assertThatThrownBy(() -> Bundle.open(bundle)).isInstanceOf(InputException.class);
    }

    @Test
    void whatIsNoBundleIsSaidToBeNone() throws IOException {
        assertThatThrownBy(() -> Bundle.open(folder.resolve("absent"))).hasMessageContaining("There is no bundle");
        Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Bundle.open(folder.resolve("empty"))).hasMessageContaining("holds no graft.json");
    }

    @Test
    void anExistingFolderIsNotWrittenOver() throws IOException {
        BundleContents contents = TinyBundle.contents(folder);
        assertThatThrownBy(() -> BundleWriter.write(bundle, contents))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is there already");
        Bundle.open(bundle);
    }

    @Test
    void aBundleIsReplacedWholeWhereThatIsAsked() throws IOException {
        Files.writeString(bundle.resolve("report.html"), "old");
        BundleWriter.replace(bundle, TinyBundle.contents(folder));
        Bundle.open(bundle);
        assertThat(names(folder)).containsExactlyInAnyOrder("source-tokenizer.json", "tiny-bundle");
    }

    @Test
    void onlyABundleIsReplaced() throws IOException {
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.tex"), "years of work");
        BundleContents contents = TinyBundle.contents(folder);
        assertThatThrownBy(() -> BundleWriter.replace(precious, contents)).isInstanceOf(InputException.class);
        assertThat(names(precious)).containsExactly("thesis.tex");
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        BundleContents old = TinyBundle.contents(folder);
        Files.delete(old.tokenizer());
        assertThatThrownBy(() -> BundleWriter.write(folder.resolve("failed"), old))
                .isInstanceOf(GraftException.class);
        assertThat(names(folder)).containsExactly("tiny-bundle");
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        Path file = bundle.resolve("graft.json");
        ObjectNode manifest = (ObjectNode) Json.tree(file, MEGABYTE);
        change.accept(manifest);
        Files.writeString(file, Json.text(manifest));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
