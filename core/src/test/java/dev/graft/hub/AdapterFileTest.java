package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.bundle.Safetensors;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.Selector;
import dev.graft.rewrite.Adapter;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Lora;
import dev.graft.rewrite.Pooling;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFileTest {
    private static final String DIGEST = "0".repeat(64);
    private static final Selector QUERIES = Selector.scope("**/query");
    private static final String QUERY = "encoder.layer.0.attention.self.query";

    /** How far PyTorch's logits may lie from libtorch's for the same weights in float32. */
    private static final double PEFT_LOGITS = 1e-5;

    @TempDir
    Path folder;

    /** A layer 3 wide, branches of rank 2, two labels. */
    private static AdapterFile small() {
        Adapter adapter = new Adapter(
                new Lora(2, 4, 0.1, QUERIES, 0),
                Map.of(
                        QUERY + ".lora_A.weight",
                        Array.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2),
                        QUERY + ".lora_B.weight",
                        Array.of(new float[] {7, 8, 9, 10, 11, 12}, 2, 3),
                        ClassifierHead.WEIGHT,
                        Array.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                        ClassifierHead.BIAS,
                        Array.of(new float[] {1, 2}, 2)));
        return new AdapterFile("tiny", DIGEST, Pooling.MEAN, 64, List.of("ja", "nein"), adapter);
    }

    private Path written() {
        small().write(folder.resolve("adapter"));
        return folder.resolve("adapter");
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(AdapterFile.read(written())).isEqualTo(small());
    }

    /** Names and shapes as PEFT 0.21.2 saves them for a BertModel with {@code modules_to_save=["classifier"]}. */
    @Test
    void weightsHaveTheNamesAndShapesOfPeft() {
        Map<String, Array> arrays =
                Safetensors.read(written().resolve(AdapterFile.WEIGHTS)).arrays();
        assertThat(arrays)
                .containsOnlyKeys(
                        "base_model.model." + QUERY + ".lora_A.weight",
                        "base_model.model." + QUERY + ".lora_B.weight",
                        "base_model.model.classifier.weight",
                        "base_model.model.classifier.bias");
        assertThat(arrays.get("base_model.model." + QUERY + ".lora_A.weight"))
                .isEqualTo(Array.of(new float[] {1, 3, 5, 2, 4, 6}, 2, 3));
        assertThat(arrays.get("base_model.model." + QUERY + ".lora_B.weight"))
                .isEqualTo(Array.of(new float[] {7, 10, 8, 11, 9, 12}, 3, 2));
    }

    @Test
    void theConfigurationIsThatOfPeft() {
        assertThat(written().resolve(AdapterFile.CONFIG))
                .content()
                .contains("\"peft_type\": \"LORA\"", "\"r\": 2", "\"lora_alpha\": 4.0", "\"lora_dropout\": 0.1", QUERY)
                .contains("\"base_model_name_or_path\": \"tiny\"", "\"use_dora\": false");
    }

    @Test
    void theFileOfTheWeightsSufficesToRead() {
        assertThat(AdapterFile.read(written().resolve(AdapterFile.WEIGHTS))).isEqualTo(small());
    }

    @Test
    void aFolderWithoutAnAdapterIsRefused() {
        assertThatThrownBy(() -> AdapterFile.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("There is no adapter " + folder)
                .hasMessageContaining("--save-adapter");
    }

    @Test
    void anotherBaseIsRefused() {
        var other = new Pretrained(
                "other", folder, folder, java.util.Optional.empty(), Pooling.MEAN, "", "1".repeat(64), "");
        assertThatThrownBy(() -> small().on(other))
                .isInstanceOf(InputException.class)
                .hasMessage("The adapter was made for the model tiny (SHA-256 " + DIGEST + "), not for other (SHA-256 "
                        + "1".repeat(64) + "); give it that model");
    }

    @Test
    void aFileThatIsNoAdapterIsRefused() {
        Path file = folder.resolve("b.safetensors");
        Safetensors.write(file, Map.of(), Map.of());
        assertThatThrownBy(() -> AdapterFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.safetensors is no adapter that Graft wrote")
                .hasMessageContaining("--save-adapter");
    }

    @Test
    void aHeadThatDoesNotFitTheLabelsIsRefused() {
        new AdapterFile("tiny", DIGEST, Pooling.MEAN, 64, List.of("ja"), small().adapter()).write(folder.resolve("c"));
        assertThatThrownBy(() -> AdapterFile.read(folder.resolve("c")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("names 1 labels, but its head tells 2 apart");
    }

    /** What {@code tools/check_adapter.py} found when PEFT put saved adapters onto PyTorch's MiniLM. */
    @Test
    void peftComputesWhatGraftRecorded() {
        JsonNode recorded = Json.tree(Path.of("src/test/resources/adapters/peft.json"), 1 << 20);
        assertThat(recorded.path("adapters"))
                .extracting(adapter -> adapter.path("method").textValue())
                .containsExactly("LORA", "DORA", "IA3");
        assertThat(recorded.path("adapters")).allSatisfy(adapter -> {
            assertThat(adapter.path("largest_difference").doubleValue()).isBetween(0.0, PEFT_LOGITS);
            assertThat(adapter.path("largest_difference_merged").doubleValue()).isBetween(0.0, PEFT_LOGITS);
            assertThat(adapter.path("bytes").intValue()).isLessThan(1_000_000);
        });
    }

    /** Two matrices of 8 by 384 beside queries and values of six layers, and a head for the labels of Banking77. */
    @Test
    void anAdapterOfMiniLmTakesLessThanAMegabyte() throws IOException {
        var settings = HubSettings.fromEnvironment().withOffline(true);
        Pretrained base = new Hub(settings).resolve("minilm");
        List<String> labels =
                IntStream.range(0, 77).mapToObj(label -> "label " + label).toList();
        Graph headed = new ClassifierHead(base.pooling(), labels.size(), 1).apply(Onnx.read(base.model()));
        Lora lora = Lora.standard(1);
        Adapter adapter = Adapter.of(lora, lora.apply(headed));
        Path file = folder.resolve(AdapterFile.WEIGHTS);
        var whole = new AdapterFile(base.name(), base.digest(), base.pooling(), 128, labels, adapter);
        whole.write(folder);
        long branches = 6 * 2 * 2 * 8 * 384 * Float.BYTES;
        long head = 77 * (384 + 1) * Float.BYTES;
        assertThat(Files.size(file)).isBetween(branches + head, branches + head + 12_000);
        assertThat(Files.size(file)).isLessThan(1_000_000);
        assertThat(AdapterFile.read(file).on(base).weights().keySet())
                .isEqualTo(lora.apply(headed).weights().keySet());
    }
}
