package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.Cache;
import dev.graft.InputException;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reference: Hugging Face's tokenizers in Python; see tools/record_tokenizers.py. */
class TextEncoderTest {
    @TempDir
    static Path folder;

    private static Path file;
    private static TextEncoder encoder;

    @BeforeAll
    static void open() throws IOException {
        file = folder.resolve("tokenizer.json");
        try (InputStream in =
                Objects.requireNonNull(TextEncoderTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"))) {
            Files.copy(in, file);
        }
        encoder = TextEncoder.open(EncoderSettings.of(128), file);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void idsAgreeWithHuggingFacesTokenizers() throws IOException {
        JsonNode record = new ObjectMapper()
                .readTree(Samples.resource("/tokenizers/minilm.json").toFile());
        List<String> texts = new ArrayList<>();
        List<List<Integer>> expected = new ArrayList<>();
        for (JsonNode row : record.path("rows")) {
            texts.add(row.path("text").asText());
            expected.add(StreamSupport.stream(row.path("ids").spliterator(), false)
                    .map(JsonNode::asInt)
                    .toList());
        }
        assertThat(texts).hasSizeGreaterThan(60);
        List<Encoding> encodings = encoder.encode(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(list(encodings.get(i).ids())).as(texts.get(i)).isEqualTo(expected.get(i));
            assertThat(encoder.encode(texts.get(i))).isEqualTo(encodings.get(i));
        }
    }

    @Test
    void idsOfTextsCutAtTheirStartAgreeWithHuggingFacesTokenizers() throws IOException {
        JsonNode rows = new ObjectMapper()
                .readTree(Samples.resource("/tokenizers/minilm.json").toFile())
                .path("rows");
        int otherwise = 0;
        for (JsonNode row : rows) {
            String text = row.path("text").asText();
            boolean differs = row.has("idsCutAtTheStart");
            List<Integer> expected = StreamSupport.stream(
                            row.get(differs ? "idsCutAtTheStart" : "ids").spliterator(), false)
                    .map(JsonNode::asInt)
                    .toList();
            assertThat(list(encoder.cuttingStarts().encode(text).ids()))
                    .as(text)
                    .isEqualTo(expected);
            otherwise += differs ? 1 : 0;
        }
        assertThat(otherwise).isGreaterThan(1);
    }

    @Test
    void whereTextsAreCutIsNotTheFilesToSay() throws IOException {
        String left = TokenizerFile.cuttingStarts(Files.readString(file), 16);
        String text = String.join(" ", Collections.nCopies(200, "card")) + " lost";
        try (TextEncoder other = TextEncoder.open(EncoderSettings.of(128), Samples.write(folder, "left.json", left))) {
            assertThat(other.encode(text)).isEqualTo(encoder.encode(text));
            assertThat(other.cuttingStarts().encode(text))
                    .isEqualTo(encoder.cuttingStarts().encode(text));
        }
    }

    @Test
    void aTokenizerThatWasReplacedIsNotReadAgain() throws IOException {
        Path copy = Samples.write(folder, "copy.json", Files.readString(file));
        try (TextEncoder opened = TextEncoder.open(EncoderSettings.of(128), copy)) {
            Files.writeString(copy, Files.readString(file) + " ");
            assertThatThrownBy(opened::cuttingStarts)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(copy + " was replaced since it was opened");
        }
    }

    @Test
    void theLengthOfTheSettingsCutsNotThatOfTheFile() {
        String longText = "word ".repeat(1_000);
        try (TextEncoder longer = TextEncoder.open(EncoderSettings.of(300), file);
                TextEncoder shorter = TextEncoder.open(EncoderSettings.of(8), file)) {
            assertThat(longer.encode(longText).length()).isEqualTo(300);
            assertThat(list(shorter.encode(longText).ids()))
                    .hasSize(8)
                    .startsWith(101)
                    .endsWith(102);
        }
    }

    @Test
    void shortTextsAreNotPadded() {
        assertThat(encoder.encode("a").length()).isEqualTo(3);
    }

    @Test
    void thePrefixStandsBeforeEveryText() {
        try (TextEncoder prefixed = TextEncoder.open(new EncoderSettings(128, "query: "), file)) {
            assertThat(prefixed.encode("a card")).isEqualTo(encoder.encode("query: a card"));
            assertThat(prefixed.settings().prefix()).isEqualTo("query: ");
        }
    }

    @Test
    void theVocabularyAndThePaddingAreTheFiles() {
        assertThat(encoder.vocabularySize()).isEqualTo(30_522);
        assertThat(encoder.padId()).isZero();
    }

    @Test
    void halfSurrogatesBecomeReplacementCharacters() {
        assertThat(TextEncoder.wellFormed("a\uD83D b\uDC4B \uDC4B\uD83D 👋"))
                .isEqualTo("a\uFFFD b\uFFFD \uFFFD\uFFFD 👋");
        String sound = "sound 👋";
        assertThat(TextEncoder.wellFormed(sound)).isSameAs(sound);
        assertThat(encoder.encode("a\uD83Db")).isEqualTo(encoder.encode("a\uFFFDb"));
    }

    @Test
    void hostileTextsDoNotCrash() {
        Random random = new Random(20261121L);
        List<String> texts = new ArrayList<>(List.of(
                "",
                "\0",
                "\0".repeat(1_000),
                "x".repeat(1 << 20),
                "word ".repeat(200_000),
                "\uD800",
                "\uFFFF\uFFFE",
                "👋".repeat(100_000),
                "a\u0301".repeat(100_000)));
        for (int i = 0; i < 2_000; i++) {
            char[] characters = new char[random.nextInt(40)];
            for (int k = 0; k < characters.length; k++) {
                characters[k] = (char) random.nextInt(0x10000);
            }
            texts.add(new String(characters));
        }
        List<Encoding> encodings = encoder.encode(texts);
        assertThat(encodings).hasSameSizeAs(texts);
        assertThat(encodings)
                .allSatisfy(encoding -> assertThat(encoding.length()).isBetween(2, 128));
    }

    @Test
    void manyTextsKeepTheirOrder() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            texts.add("number " + i);
        }
        List<Encoding> encodings = encoder.encode(texts);
        assertThat(encodings.get(2_999)).isEqualTo(encoder.encode("number 2999"));
        assertThat(encodings.get(1_024)).isEqualTo(encoder.encode("number 1024"));
        assertThat(encoder.encode(List.of())).isEmpty();
    }

    @Test
    void collatePadsToTheLongestRow() {
        List<Encoding> rows = encoder.encode(List.of("a", "hello world again"));
        List<String> names = List.of("input_ids", "attention_mask", "token_type_ids");
        assertThat(encoder.collate(rows, names))
                .containsExactly(
                        Map.entry("input_ids", batch(101, 1037, 102, 0, 0, 101, 7592, 2088, 2153, 102)),
                        Map.entry("attention_mask", batch(1, 1, 1, 0, 0, 1, 1, 1, 1, 1)),
                        Map.entry("token_type_ids", batch(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        assertThat(encoder.collate(rows, List.of("input_ids"))).containsOnlyKeys("input_ids");
    }

    private static Array batch(long... values) {
        return Array.of(values, 2, 5);
    }

    @Test
    void anInputThatATextEncoderCannotGiveIsNamed() {
        assertThatThrownBy(() -> encoder.collate(encoder.encode(List.of("a")), List.of("pixel_values")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pixel_values");
    }

    @Test
    void severalThreadsGetTheSame() throws Exception {
        List<String> texts = Collections.nCopies(200, "My card has not arrived, what now?");
        List<Encoding> expected = encoder.encode(texts);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<Encoding>>> results = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                results.add(pool.submit(() -> encoder.encode(texts)));
            }
            for (Future<List<Encoding>> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void closingDuringUseDoesNotCrash() throws Exception {
        for (int i = 0; i < 5; i++) {
            TextEncoder closing = TextEncoder.open(EncoderSettings.of(128), file);
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<?>> results = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                results.add(pool.submit(() -> {
                    for (int n = 0; n < 100; n++) {
                        closing.encode(List.of("some text", "another"));
                    }
                }));
            }
            closing.close();
            closing.close();
            pool.shutdown();
            for (Future<?> result : results) {
                try {
                    result.get();
                } catch (ExecutionException refused) {
                    assertThat(refused).hasMessageContaining("The tokenizer is closed");
                }
            }
        }
    }

    @Test
    void theNativeLibraryIsUnpackedIntoGraftsCache() {
        assertThat(Cache.natives()).isDirectoryRecursivelyContaining("glob:**tokenizers*");
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isNull();
        assertThat(System.getProperty("ai.djl.offline")).isNull();
    }

    @Test
    void aMissingTokenizerIsNamed() {
        assertRefused(folder.resolve("absent.json"), "There is no tokenizer");
    }

    @Test
    void brokenTokenizersAreNamed() throws IOException {
        String whole = Files.readString(file);
        assertRefused(Samples.write(folder, "half.json", whole.substring(0, whole.length() / 2)), "no tokenizer.json");
        assertRefused(Samples.write(folder, "empty.json", ""), "no \"model\"");
        assertRefused(Samples.write(folder, "other.json", "{\"a\": 1}"), "no \"model\"");
        assertRefused(Samples.write(folder, "type.json", "{\"model\": {\"type\": \"Nonsense\"}}"), "no tokenizer.json");
    }

    @Test
    void tooShortALengthIsRefused() {
        assertThatThrownBy(() -> EncoderSettings.of(7))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--max-length");
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> TextEncoder.open(EncoderSettings.of(128), file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
