package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Digest;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.rewrite.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTest {
    private static final byte[] MODEL = bytes(300_000);
    private static final String NAME = "hf:owner/encoder";

    @TempDir
    Path folder;

    private final FakeHub server;

    HuggingFaceTest() throws IOException {
        server = new FakeHub()
                .with("onnx/model.onnx", MODEL)
                .with("tokenizer.json", "{}".getBytes(StandardCharsets.UTF_8))
                .with("config.json", "{\"model_type\": \"bert\"}".getBytes(StandardCharsets.UTF_8))
                .with("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aModelIsFetchedWithItsTokenizerConfigAndPooling() throws IOException {
        Pretrained found = hub().resolve(NAME);
        assertThat(Files.readAllBytes(found.model())).isEqualTo(MODEL);
        assertThat(found.tokenizer()).hasContent("{}");
        assertThat(found.config().orElseThrow()).hasContent("{\"model_type\": \"bert\"}");
        assertThat(found.pooling()).isEqualTo(Pooling.FIRST_TOKEN);
        assertThat(found.digest()).isEqualTo(Digest.of(MODEL));
    }

    @Test
    void theFilesLieWherePythonLooksForThem() throws IOException {
        hub().resolve(NAME);
        Path repository = folder.resolve("models--owner--encoder");
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        Path pointer = repository.resolve("snapshots/" + FakeHub.COMMIT + "/onnx/model.onnx");
        assertThat(Files.readSymbolicLink(pointer)).isEqualTo(Path.of("../../../blobs/" + Digest.of(MODEL)));
        try (var blobs = Files.list(repository.resolve("blobs"))) {
            assertThat(blobs).hasSize(4).noneMatch(blob -> blob.toString().endsWith(".incomplete"));
        }
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        hub().resolve(NAME);
        int requests = server.requests.size();
        hub().resolve(NAME);
        assertThat(server.requests).hasSize(requests);
    }

    @Test
    void whatPythonHasFetchedIsTakenWithoutAConnection() throws IOException {
        Path snapshot = folder.resolve("models--owner--encoder/snapshots/" + FakeHub.COMMIT);
        Files.createDirectories(snapshot);
        Files.write(snapshot.resolve("model.onnx"), MODEL);
        Files.writeString(snapshot.resolve("tokenizer.json"), "{}");
        Path refs = Files.createDirectories(folder.resolve("models--owner--encoder/refs"));
        Files.writeString(refs.resolve("main"), FakeHub.COMMIT);
        Pretrained found = new Hub(settings().withOffline(true)).resolve(NAME);
        assertThat(found.model()).isEqualTo(snapshot.resolve("model.onnx"));
        assertThat(new Hub(settings().withOffline(true))
                        .resolve(NAME + "@" + FakeHub.COMMIT)
                        .model())
                .isEqualTo(snapshot.resolve("model.onnx"));
        assertThat(server.requests).isEmpty();
    }

    @Test
    void offlineNeverOpensAConnection() {
        assertThatThrownBy(() -> new Hub(settings().withOffline(true)).resolve(NAME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aCutDownloadGoesOnWhereItWasCut() throws IOException {
        server.cuts.addAll(List.of(1, 1, 100_000, 100_000, 100_000, 100_000, 100_000));
        Pretrained found = hub().resolve(NAME);
        assertThat(Files.readAllBytes(found.model())).isEqualTo(MODEL);
        assertThat(server.requests).anyMatch(request -> request.matches("GET /cdn/onnx/model.onnx bytes=\\d{5,6}-.*"));
    }

    @Test
    void anInterruptedDownloadOfAnotherProcessIsGoneOnFrom() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("models--owner--encoder/blobs"));
        Files.write(blobs.resolve(Digest.of(MODEL) + ".incomplete"), java.util.Arrays.copyOf(MODEL, 123_456));
        assertThat(Files.readAllBytes(hub().resolve(NAME).model())).isEqualTo(MODEL);
        assertThat(server.requests).anyMatch(request -> request.contains("bytes=123456-"));
    }

    @Test
    void aServerWithoutRangesIsAskedForTheWhole() throws IOException {
        server.ranges = false;
        Path blobs = Files.createDirectories(folder.resolve("models--owner--encoder/blobs"));
        Files.write(blobs.resolve(Digest.of(MODEL) + ".incomplete"), new byte[1000]);
        assertThat(Files.readAllBytes(hub().resolve(NAME).model())).isEqualTo(MODEL);
    }

    @Test
    void anIncompleteFileThatIsTooLongIsThrownAway() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("models--owner--encoder/blobs"));
        Files.write(blobs.resolve(Digest.of(MODEL) + ".incomplete"), new byte[MODEL.length + 5]);
        assertThat(Files.readAllBytes(hub().resolve(NAME).model())).isEqualTo(MODEL);
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainEndsWithHowFarItCame() {
        server.cuts.addAll(Collections.nCopies(30, 0));
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("goes on from there");
    }

    @Test
    void otherContentThanTheDigestSaysIsRefusedAndRemoved() throws IOException {
        server.corrupt = true;
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("digest");
        try (var blobs = Files.list(folder.resolve("models--owner--encoder/blobs"))) {
            assertThat(blobs).isEmpty();
        }
        server.corrupt = false;
        hub().resolve(NAME);
    }

    @Test
    void aMissingRepositoryOrRevisionIsSaidToBeMissing() throws IOException {
        try (FakeHub bare = new FakeHub()) {
            bare.errorCode = "RepoNotFound";
            assertThatThrownBy(() -> new Hub(settings(bare)).resolve(NAME)).hasMessageContaining("There is no model");
            bare.errorCode = "RevisionNotFound";
            assertThatThrownBy(() -> new Hub(settings(bare)).resolve(NAME + "@v9"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no revision 'v9'");
        }
    }

    @Test
    void anEmptyFileIsFetchedToo() throws IOException {
        server.with("config.json", new byte[0]);
        assertThat(hub().resolve(NAME).config().orElseThrow()).isEmptyFile();
    }

    @Test
    void aRepositoryWithoutAModelIsSaidToHaveNone() throws IOException {
        try (FakeHub bare = new FakeHub().with("tokenizer.json", new byte[] {'{', '}'})) {
            assertThatThrownBy(() -> new Hub(settings(bare)).resolve(NAME))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("holds no onnx/model.onnx or model.onnx");
        }
    }

    @Test
    void aRefusalTellsWhatToDo() {
        server.refusals.add(new int[] {401, 0});
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HF_TOKEN");
        server.refusals.add(new int[] {403, 0});
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("terms");
    }

    @Test
    void aBusyServerIsWaitedForAndALongWaitIsReported() {
        server.refusals.add(new int[] {429, 0});
        server.refusals.add(new int[] {503, 1});
        hub().resolve(NAME);
        server.refusals.add(new int[] {429, 3600});
        assertThatThrownBy(() -> hub().resolve("hf:owner/second"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("in 3600 seconds");
    }

    @Test
    void theTokenGoesToTheEndpointAndNowhereElse() {
        hub().resolve(NAME);
        assertThat(server.requests)
                .allMatch(request -> request.contains(" /cdn/") != request.endsWith("Bearer secret"));
        assertThat(settings().toString()).doesNotContain("secret");
    }

    @Test
    void progressIsTold() {
        var told = Collections.synchronizedList(new ArrayList<Long>());
        new Hub(settings().withListener((file, done, total) -> {
                    if (file.equals("onnx/model.onnx")) {
                        assertThat(total).isEqualTo(MODEL.length);
                        told.add(done);
                    }
                }))
                .resolve(NAME);
        assertThat(told).isSorted().endsWith((long) MODEL.length);
    }

    @Test
    void severalAtOnceFetchOnce() {
        var found = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> hub().resolve(NAME).digest())
                .distinct()
                .toList();
        assertThat(found).containsExactly(Digest.of(MODEL));
        assertThat(server.requests.stream().filter(request -> request.startsWith("GET /cdn")))
                .hasSize(1);
    }

    @Test
    void anUnreachableEndpointIsNamedAsSuch() {
        server.close();
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("check the connection");
    }

    private Hub hub() {
        return new Hub(settings());
    }

    private HubSettings settings() {
        return settings(server);
    }

    private HubSettings settings(FakeHub endpoint) {
        return new HubSettings(
                folder.resolve("cache"),
                folder,
                endpoint.address(),
                Optional.of("secret"),
                false,
                DownloadListener.SILENT);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void theEnvironmentIsThatOfHuggingFacesOwnLibraries() {
        Path home = Path.of("/home/someone");
        assertThat(HubSettings.of(Map.of(), home).huggingFace()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/data/hf"), home).huggingFace())
                .isEqualTo(Path.of("/data/hf/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/a", "HUGGINGFACE_HUB_CACHE", "/b"), home)
                        .huggingFace())
                .isEqualTo(Path.of("/b"));
        assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "https://mirror.example/hf/"), home)
                        .endpoint())
                .hasToString("https://mirror.example/hf");
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), home).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0"), home).offline())
                .isFalse();
        assertThat(HubSettings.of(Map.of("HF_TOKEN", " t "), home).token()).contains("t");
    }
}
