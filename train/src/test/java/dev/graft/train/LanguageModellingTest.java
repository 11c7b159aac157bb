package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.EncoderSettings;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.LanguageModelHead;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden tokens, and the loop that learns to tell them, over the small encoder. */
class LanguageModellingTest {
    private static final int MASK = 4;
    private static final int WORDS = 100;
    private static final int SPECIAL = 5;
    private static final double SHARE = 0.15;
    /** Of a share of a few thousand draws. */
    private static final double SAMPLING = 0.03;

    private static final String TOKENIZER = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
             "post_processor": {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
              "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
              "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}},
             "model": {"type": "WordLevel", "unk_token": "[UNK]",
              "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, %s}}}
            """;

    @TempDir
    Path folder;

    private TextEncoder encoder;
    private List<String> inputs;

    @BeforeEach
    void openTheEncoder() throws IOException {
        String words = IntStream.range(0, WORDS)
                .mapToObj(word -> "\"w" + word + "\": " + (word + SPECIAL))
                .collect(Collectors.joining(", "));
        Path file = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER.formatted(words));
        encoder = TextEncoder.open(new EncoderSettings(32, ""), file);
        inputs = Onnx.read(TinyRun.encoder()).inputs().stream()
                .map(ValueInfo::name)
                .toList();
    }

    @AfterEach
    void closeTheEncoder() {
        encoder.close();
    }

    /** Texts in which every word is followed by the same other one. */
    private List<Encoding> texts(int count) {
        Random random = new Random(3);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> words = new ArrayList<>();
            for (int pair = 0; pair < 4; pair++) {
                int word = random.nextInt(10);
                words.add("w" + word + " w" + (word + 50));
            }
            texts.add(String.join(" ", words));
        }
        return encoder.encode(texts);
    }

    private MaskedRows rows(int count) {
        return new MaskedRows(texts(count), encoder, inputs, Set.of(0, 2), MASK, SHARE, 42);
    }

    @Test
    void theShareOfTokensIsHiddenAsBertHidesIt() {
        MaskedRows rows = rows(2_000);
        int[] all = IntStream.range(0, rows.size()).toArray();
        Map<String, Array> batch = rows.inputs(all);
        long[] ids = Objects.requireNonNull(batch.get("input_ids")).longs();
        long[] places =
                Objects.requireNonNull(batch.get(LanguageModelHead.PLACES)).longs();
        long[] tokens = rows.targets(all).longs();
        assertThat(places).hasSize(2 * tokens.length);
        int masked = 0;
        int same = 0;
        for (int i = 0; i < tokens.length; i++) {
            long shown = ids[Math.toIntExact(places[2 * i] * 9 + places[2 * i + 1])];
            masked += shown == MASK ? 1 : 0;
            same += shown == tokens[i] ? 1 : 0;
            assertThat(tokens[i]).isGreaterThanOrEqualTo(SPECIAL);
        }
        assertThat((double) tokens.length / (8 * 2_000)).isCloseTo(SHARE, within(SAMPLING));
        assertThat((double) masked / tokens.length).isCloseTo(0.8, within(SAMPLING));
        assertThat((double) same / tokens.length).isCloseTo(0.1, within(SAMPLING));
    }

    @Test
    void whatIsHiddenFollowsFromTheBatch() {
        MaskedRows rows = rows(40);
        int[] batch = {3, 1, 2};
        assertThat(rows.inputs(batch)).isEqualTo(rows(40).inputs(batch));
        assertThat(rows.targets(batch)).isEqualTo(rows(40).targets(batch));
        assertThat(rows.inputs(new int[] {3, 2, 1}).get(LanguageModelHead.PLACES))
                .isNotEqualTo(rows.inputs(batch).get(LanguageModelHead.PLACES));
        for (int row = 0; row < 40; row++) {
            assertThat(rows.targets(new int[] {row}).elements()).isPositive();
        }
    }

    @Test
    void theMaskIsFoundByItsName() {
        assertThat(encoder.maskId()).hasValue(MASK);
    }

    @Test
    void hiddenTokensAreLearnedFromTheirNeighbours() {
        Graph headed = new LanguageModelHead().apply(Onnx.read(TinyRun.encoder()));
        Policy policy = new Pretraining(folder, 12, 5e-3, SHARE).policy(Recipe.DEFAULT, 42);
        TinyRun.End end = TinyRun.of(policy, folder.resolve("run"))
                .on(rows(400))
                .scoredBy(new MaskedValidation(rows(50), 16)::score)
                .end(headed);
        List<History.Epoch> epochs = end.history().epochs();
        double first = epochs.get(0).validationLoss();
        double last = end.history().best().orElseThrow().validationLoss();
        assertThat(last).isLessThan(first - 0.3);
        assertThat(end.weights()).containsKeys("language_model.dense", "language_model.bias");
    }

    @Test
    void theHeadIsCutOff() {
        Graph trunk = Onnx.read(TinyRun.encoder());
        Graph headed = new LanguageModelHead().apply(trunk);
        Graph tuned = EncoderTraining.under(trunk, headed.weights());
        assertThat(tuned.weights().keySet()).isEqualTo(trunk.weights().keySet());
        assertThat(tuned.nodes()).isEqualTo(trunk.nodes());
    }
}
