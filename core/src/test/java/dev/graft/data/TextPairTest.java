package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reference: Hugging Face's tokenizers in Python; see tools/record_tokenizers.py. */
class TextPairTest {
    private static final List<String> WITH_TYPES = List.of("input_ids", "token_type_ids");
    private static final List<String> WITHOUT_TYPES = List.of("input_ids", "attention_mask");

    @TempDir
    static Path folder;

    private static String json = "";

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TextPairTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"))) {
            json = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static TextEncoder encoder(EncoderSettings settings, String content) throws IOException {
        Path file = Files.createTempFile(folder, "tokenizer", ".json");
        Files.writeString(file, content);
        return TextEncoder.open(settings, file);
    }

    /** The tokenizer with another template for pairs. */
    private static String template(String pair) {
        int from = json.indexOf("\"pair\":");
        int to = json.indexOf("\"special_tokens\"", from);
        return json.substring(0, from) + "\"pair\": " + pair + ", " + json.substring(to);
    }

    private static String sequence(String name, int type) {
        return "{\"Sequence\": {\"id\": \"" + name + "\", \"type_id\": " + type + "}}";
    }

    private static String special(String name) {
        return "{\"SpecialToken\": {\"id\": \"" + name + "\", \"type_id\": 0}}";
    }

    @Test
    void idsAndTypesAgreeWithHuggingFacesTokenizers() throws IOException {
        JsonNode pairs = new ObjectMapper()
                .readTree(Samples.resource("/tokenizers/minilm.json").toFile())
                .path("pairs");
        var texts = new ArrayList<TextPair>();
        pairs.forEach(pair -> texts.add(
                new TextPair(pair.at("/texts/0").asText(), pair.at("/texts/1").asText())));
        assertThat(texts).hasSizeGreaterThan(10);
        try (TextEncoder encoder = encoder(EncoderSettings.of(128), json)) {
            List<Encoding> encodings = encoder.encodePairs(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(encodings.get(i).ids()).as(texts.get(i).toString()).isEqualTo(ints(pairs.get(i), "ids"));
                assertThat(encodings.get(i).typeIds()).isEqualTo(ints(pairs.get(i), "typeIds"));
            }
        }
    }

    @Test
    void pairsCutAtTheirStartAgreeWithHuggingFacesTokenizers() throws IOException {
        JsonNode pairs = new ObjectMapper()
                .readTree(Samples.resource("/tokenizers/minilm.json").toFile())
                .path("pairs");
        try (TextEncoder encoder = encoder(EncoderSettings.of(128), json)) {
            int otherwise = 0;
            for (JsonNode pair : pairs) {
                var texts = new TextPair(
                        pair.at("/texts/0").asText(), pair.at("/texts/1").asText());
                boolean differs = pair.has("idsCutAtTheStart");
                Encoding encoding =
                        encoder.cuttingStarts().encodePairs(List.of(texts)).get(0);
                assertThat(encoding.ids())
                        .as(texts.toString())
                        .isEqualTo(ints(pair, differs ? "idsCutAtTheStart" : "ids"));
                assertThat(encoding.typeIds()).isEqualTo(ints(pair, differs ? "typeIdsCutAtTheStart" : "typeIds"));
                otherwise += differs ? 1 : 0;
            }
            assertThat(otherwise).isGreaterThan(3);
        }
    }

    private static int[] ints(JsonNode pair, String field) {
        var values = new ArrayList<Integer>();
        pair.get(field).forEach(value -> values.add(value.asInt()));
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void manyPairsKeepTheirOrder() throws IOException {
        try (TextEncoder encoder = encoder(EncoderSettings.of(16), json)) {
            var pairs = new ArrayList<>(Collections.nCopies(2_500, new TextPair("a", "b")));
            pairs.set(1_024, new TextPair("one", "two"));
            List<Encoding> encodings = encoder.encodePairs(pairs);
            assertThat(encodings).hasSize(2_500);
            assertThat(encodings.get(1_024))
                    .isEqualTo(encoder.encodePairs(List.of(new TextPair("one", "two")))
                            .get(0));
            assertThat(encodings.get(1_025)).isEqualTo(encodings.get(0));
        }
    }

    @Test
    void thePrefixStandsBeforeBoth() throws IOException {
        try (TextEncoder prefixed = encoder(new EncoderSettings(16, "query: "), json);
                TextEncoder plain = encoder(EncoderSettings.of(16), json)) {
            assertThat(prefixed.encodePairs(List.of(new TextPair("a", "b"))))
                    .isEqualTo(plain.encodePairs(List.of(new TextPair("query: a", "query: b"))));
        }
    }

    @Test
    void halfSurrogatesBecomeReplacementCharacters() throws IOException {
        try (TextEncoder encoder = encoder(EncoderSettings.of(16), json)) {
            assertThat(encoder.encodePairs(List.of(new TextPair("a\uD83D", "\uDC4Bb\0"))))
                    .isEqualTo(encoder.encodePairs(List.of(new TextPair("a\uFFFD", "\uFFFDb\0"))));
        }
    }

    @Test
    void aTokenBetweenTheTextsSeparatesThem() throws IOException {
        try (TextEncoder encoder = encoder(EncoderSettings.of(16), json)) {
            assertThat(encoder.separatesPairs(WITH_TYPES)).isTrue();
            assertThat(encoder.separatesPairs(WITHOUT_TYPES)).isTrue();
        }
    }

    @Test
    void segmentsSeparateTheTextsWhereTheModelReadsThem() throws IOException {
        String apart = "[" + sequence("A", 0) + "," + sequence("B", 1) + "]";
        try (TextEncoder encoder = encoder(EncoderSettings.of(16), template(apart))) {
            assertThat(encoder.separatesPairs(WITH_TYPES)).isTrue();
            assertThat(encoder.separatesPairs(WITHOUT_TYPES)).isFalse();
        }
    }

    @Test
    void aTemplateThatPutsNothingBetweenSeparatesNothing() throws IOException {
        String around =
                "[" + special("[CLS]") + "," + sequence("A", 0) + "," + sequence("B", 0) + "," + special("[SEP]") + "]";
        String alone = "[" + special("[CLS]") + "," + sequence("A", 0) + "]";
        for (String pair : List.of(around, alone)) {
            try (TextEncoder encoder = encoder(EncoderSettings.of(16), template(pair))) {
                assertThat(encoder.separatesPairs(WITH_TYPES)).as(pair).isFalse();
            }
        }
    }
}
