package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Parity;
import dev.graft.graph.Graph;
import dev.graft.hub.AdapterFile;
import dev.graft.hub.AdapterFolder;
import dev.graft.predict.Predictor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter is saved, put onto its model again, gone on from, and refused where it does not belong. */
class AdapterCommandTest {
    private static final Path OTHER = Path.of("../train/src/test/resources/families/bert-old-sdpa-opset14/model.onnx");

    @TempDir
    Path folder;

    private TinyModel model;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeEach
    void makeTheModel() throws IOException {
        model = TinyModel.in(folder);
    }

    private int graft(String... arguments) {
        messages.reset();
        PrintStream told = new PrintStream(messages, true, StandardCharsets.UTF_8);
        return Main.run(told, told, arguments);
    }

    private String messages() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    private int train(String output, Path rows, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", rows.toString()));
        arguments.addAll(List.of("--model", model.encoder().toString(), "--output", at(output)));
        arguments.addAll(List.of("--epochs", "2", "--learning-rate", "5e-3", "--max-length", "20", "--threads", "1"));
        arguments.add("--allow-negative-transfer");
        arguments.addAll(List.of(more));
        return graft(arguments.toArray(String[]::new));
    }

    private void trained(String output, String... more) throws IOException {
        assertThat(train(output, model.rows(90), more)).as(messages()).isZero();
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "dora", "ia3", "bottleneck"})
    void anAdapterAndItsBaseMakeTheVeryBundleAgain(String strategy) throws IOException {
        trained("model", "--strategy", strategy, "--save-adapter", at("adapter"));
        assertThat(messages())
                .contains("adapter: " + at("adapter"))
                .containsPattern("weights trained, [0-9.]+ % of all");
        assertThat(graft("merge", at("adapter"), "--output", at("again")))
                .as(messages())
                .isZero();
        Bundle again = Bundle.open(folder.resolve("again"));
        assertThat(again.manifest())
                .isEqualTo(Bundle.open(folder.resolve("model")).manifest());
        assertThat(folder.resolve("again/model.onnx")).hasSameBinaryContentAs(folder.resolve("model/model.onnx"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "dora", "ia3"})
    void keptAndMergedAnswerTheSame(String strategy) throws IOException {
        trained("kept", "--strategy", strategy, "--keep-adapter", "--save-adapter", at("adapter"));
        assertThat(graft("merge", at("adapter"), "--output", at("merged")))
                .as(messages())
                .isZero();
        Graph kept = Bundle.open(folder.resolve("kept")).graph();
        Graph merged = Bundle.open(folder.resolve("merged")).graph();
        assertThat(kept.nodes()).hasSizeGreaterThan(merged.nodes().size());
        try (Predictor one = Predictor.open(folder.resolve("kept"));
                Predictor other = Predictor.open(folder.resolve("merged"))) {
            for (String text : List.of("w0 w17 w18", "w1", "w2 w3 w50 w99")) {
                assertThat(one.predict(text).probability())
                        .isCloseTo(other.predict(text).probability(), within(Parity.TOLERANCE));
            }
        }
        assertThat(folder.resolve("kept/policy.yaml")).content().contains("keep-adapter: true");
    }

    @Test
    void trainingGoesOnFromAnAdapterAndRepeats() throws IOException {
        trained(
                "first",
                "--strategy",
                "lora",
                "--lora-rank",
                "3",
                "--lora-target-modules",
                "key",
                "--save-adapter",
                at("a"));
        assertThat(folder.resolve("first/policy.yaml"))
                .content()
                .contains("lora-rank: 3", "lora-alpha: 16.0", "lora-target-modules: \"key\"");
        trained("second", "--strategy", "lora", "--adapter", at("a"), "--save-adapter", at("b"));
        AdapterFile before = AdapterFile.read(folder.resolve("a"));
        AdapterFile after = AdapterFile.read(folder.resolve("b"));
        assertThat(after.adapter().weights().keySet())
                .isEqualTo(before.adapter().weights().keySet());
        assertThat(after.adapter()).isNotEqualTo(before.adapter());
        assertThat(graft("train", "--config", at("second/policy.yaml"), "--output", at("third")))
                .as(messages())
                .isZero();
        assertThat(folder.resolve("third/model.onnx")).hasSameBinaryContentAs(folder.resolve("second/model.onnx"));
    }

    @Test
    void whatDoesNotBelongToAnAdapterIsRefused() throws IOException {
        trained("model", "--strategy", "lora", "--save-adapter", at("a"));
        Path rows = model.rows(90);
        assertThat(train("x", rows, "--strategy", "dora", "--adapter", at("a"))).isEqualTo(2);
        assertThat(messages()).contains("goes on with --strategy lora, not with --strategy dora");
        assertThat(train("x", rows, "--strategy", "lora", "--adapter", at("a"), "--lora-rank", "2"))
                .isEqualTo(2);
        assertThat(messages()).contains("--adapter brings its own rank, factor, dropout and places");
        Path others = Files.writeString(
                folder.resolve("others.csv"), Files.readString(rows).replace("label 2", "else"));
        assertThat(train("x", others, "--strategy", "lora", "--adapter", at("a")))
                .isEqualTo(2);
        assertThat(messages())
                .contains("tells 3 labels apart, label 0, label 1, label 2; the rows have 3, else, label 0, label 1");
        assertThat(train("x", rows, "--strategy", "lora", "--save-adapter", at("a")))
                .isEqualTo(2);
        assertThat(messages()).contains("holds an adapter already; --force replaces it");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void anotherBaseIsRefused() throws IOException {
        trained("model", "--strategy", "lora", "--save-adapter", at("a"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.copy(OTHER, other.resolve("encoder.onnx"));
        Files.copy(folder.resolve("tokenizer.json"), other.resolve("tokenizer.json"));
        String base = other.resolve("encoder.onnx").toString();
        assertThat(graft("merge", at("a"), "--model", base, "--output", at("x")))
                .isEqualTo(2);
        assertThat(messages()).contains("The adapter was made for the model").contains("not for " + base);
        assertThat(train("x", model.rows(90), "--model", base, "--strategy", "lora", "--adapter", at("a")))
                .isEqualTo(2);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aFolderThatLacksAFileIsRefused() throws IOException {
        trained("model", "--strategy", "lora", "--save-adapter", at("a"));
        Files.delete(folder.resolve("a/scores.json"));
        assertThat(graft("merge", at("a"), "--output", at("x"))).isEqualTo(2);
        assertThat(messages()).contains("lacks [scores.json]; copy the whole folder");
        Files.delete(folder.resolve("a").resolve(AdapterFolder.MANIFEST));
        assertThat(graft("merge", at("a"), "--output", at("x"))).isEqualTo(2);
        assertThat(messages()).contains("lacks bundle.json, so no bundle can be made of it");
        assertThat(graft("merge", at("nothing"), "--output", at("x"))).isEqualTo(2);
        assertThat(messages()).contains("There is no adapter");
        assertThat(graft("merge", at("a"))).isEqualTo(2);
        assertThat(folder.resolve("x")).doesNotExist();
    }
}
