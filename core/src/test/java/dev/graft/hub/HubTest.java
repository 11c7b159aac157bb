package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.rewrite.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
    @TempDir
    Path folder;

    @Test
    void anUnknownNameSuggestsTheNearestKnownOne() {
        assertThatThrownBy(() -> hub().resolve("minilmm"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean 'minilm'?")
                .hasMessageContaining("bge-small-en-v1.5")
                .hasMessageContaining("hf:owner/name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hf:", "hf:a/b/c", "hf:../x", "hf:a/..", "hf:a/b@../../x", "hf:a b", "hf:/etc/passwd", "hf:a/b@"
            })
    void aNameThatIsNoneOrLeadsOutIsRefused(String name) {
        assertThatThrownBy(() -> hub().resolve(name))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("hf:owner/name");
    }

    @Test
    void aRevisionMayHaveSlashes() {
        assertThat(RepositoryName.parse("owner/name@refs/pr/7"))
                .isEqualTo(new RepositoryName("owner", "name", "refs/pr/7"));
        assertThat(RepositoryName.parse("bert-base-uncased").folder()).isEqualTo("models--bert-base-uncased");
    }

    @Test
    void aModelFileBringsTheTokenizerBesideIt() throws IOException {
        Path model = Files.writeString(folder.resolve("encoder.onnx"), "model");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Pretrained found = hub().resolve(model.toString());
        assertThat(found.model()).isEqualTo(model);
        assertThat(found.tokenizer()).isEqualTo(folder.resolve("tokenizer.json"));
        assertThat(found.config()).isEmpty();
        assertThat(found.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(found.digest()).isEqualTo(Digest.of("model"));
    }

    @Test
    void aModelWithoutATokenizerSaysWhatIsMissing() throws IOException {
        Path model = Files.writeString(folder.resolve("encoder.onnx"), "model");
        assertThatThrownBy(() -> hub().resolve(model.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no tokenizer.json in " + folder);
    }

    @Test
    void aFileThatIsNoModelIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("weights.bin"), "x");
        assertThatThrownBy(() -> hub().resolve(file.toString())).hasMessageContaining("no ONNX file");
    }

    @Test
    void aFolderInHuggingFacesLayoutIsTakenAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("onnx/model.onnx"), "model");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(
                folder.resolve("1_Pooling/config.json"),
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        Pretrained found = hub().resolve(folder.toString());
        assertThat(found.model()).isEqualTo(folder.resolve("onnx/model.onnx"));
        assertThat(found.config()).contains(folder.resolve("config.json"));
        assertThat(found.pooling()).isEqualTo(Pooling.FIRST_TOKEN);
    }

    @Test
    void anUnknownPoolingIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode_max_tokens\": true}");
        assertThatThrownBy(() -> ModelFolder.pooling(folder)).isInstanceOf(InputException.class);
    }

    @Test
    void anEmptyFolderSaysWhatIsMissing() {
        assertThatThrownBy(() -> hub().resolve(folder.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("onnx/model.onnx");
    }

    @Test
    void theDefaultModelComesFromTheClassPathOnceAndWithoutAConnection() throws IOException {
        Pretrained first = new Hub(settings().withOffline(true)).resolve("minilm");
        assertThat(first.licence()).isEqualTo("Apache-2.0");
        assertThat(first.digest()).isEqualTo(Digest.of(first.model()));
        assertThat(first.config().orElseThrow()).content().contains("\"hidden_size\": 384");
        var written = Files.getLastModifiedTime(first.model());
        Pretrained second = hub().resolve("minilm");
        assertThat(second).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(second.model())).isEqualTo(written);
    }

    @Test
    void aHalfUnpackedModelIsUnpackedAgain() throws IOException {
        Pretrained first = hub().resolve("minilm");
        Files.writeString(first.model(), "cut");
        assertThat(Digest.of(hub().resolve("minilm").model())).isEqualTo(first.digest());
    }

    @Test
    void aKnownModelThatIsNotHereIsNotFetchedOffline() {
        String before = System.getProperty("maven.repo.local", "");
        System.setProperty(
                "maven.repo.local", folder.resolve("empty-repository").toString());
        try {
            assertThatThrownBy(() -> new Hub(settings().withOffline(true)).resolve("e5-small-v2"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("graft models pull e5-small-v2");
        } finally {
            if (before.isEmpty()) {
                System.clearProperty("maven.repo.local");
            } else {
                System.setProperty("maven.repo.local", before);
            }
        }
    }

    @Test
    void theDefaultIsKnownFirst() {
        assertThat(Hub.known().get(0).name()).isEqualTo(KnownModel.DEFAULT);
        assertThat(Hub.known()).extracting(KnownModel::licence).containsExactly("Apache-2.0", "MIT", "MIT");
    }

    private Hub hub() {
        return new Hub(settings());
    }

    private HubSettings settings() {
        HubSettings plain = HubSettings.of(Map.of(), folder);
        return new HubSettings(
                folder.resolve("cache"),
                folder.resolve("hf"),
                plain.endpoint(),
                plain.token(),
                false,
                DownloadListener.SILENT);
    }
}
