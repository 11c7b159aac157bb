package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.bundle.BundleContents;
import dev.graft.bundle.BundleFixture;
import dev.graft.bundle.BundleWriter;
import dev.graft.bundle.Parity;
import dev.graft.bundle.TinyBundle;
import dev.graft.task.Softmax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
    private static final PredictorSettings SMALL = new PredictorSettings(1, 4);
    private static final float CLOSE = 1e-5f;

    @TempDir
    Path folder;

    @Test
    void probabilitiesAreTheSoftmaxOfWhatTheModelComputes() throws IOException {
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            float[] logits = predictor
                    .logits(List.of("Card lost").iterator())
                    .findFirst()
                    .orElseThrow();
            assertThat(logits).containsExactly(TinyBundle.logits(2, 4, 5, 3), within(CLOSE));
            Answer answer = predictor.predict("Card lost");
            assertThat(answer.all()).hasSize(3);
            assertThat(answer.all().stream()
                            .mapToDouble(LabelProbability::probability)
                            .sum())
                    .isCloseTo(1, within(1e-6));
            assertThat(answer.label()).isEqualTo(answer.all().get(0).label());
            int largest = IntStream.range(0, 3)
                    .reduce((a, b) -> logits[a] >= logits[b] ? a : b)
                    .orElseThrow();
            assertThat(answer.label()).isEqualTo(TinyBundle.LABELS.get(largest));
        }
    }

    @Test
    void aBundleOfVersion1StillAnswers() throws IOException {
        try (Predictor predictor = Predictor.open(BundleFixture.copy("v1", folder), SMALL)) {
            assertThat(predictor.labels()).isEqualTo(TinyBundle.LABELS);
            assertThat(predictor.predict("card lost").label()).isEqualTo("other");
        }
    }

    @Test
    void answersComeInTheOrderOfTheTextsWhateverTheBatches() throws IOException {
        Path bundle = TinyBundle.write(folder);
        List<String> texts = texts(500);
        try (Predictor one = Predictor.open(bundle, SMALL.withBatchSize(1));
                Predictor many = Predictor.open(bundle, SMALL.withBatchSize(7))) {
            List<Answer> together = many.predict(texts);
            for (int i = 0; i < texts.size(); i++) {
                Answer alone = one.predict(texts.get(i));
                assertThat(together.get(i).label()).isEqualTo(alone.label());
                assertThat(together.get(i).probability()).isCloseTo(alone.probability(), within(1e-6));
            }
        }
    }

    @Test
    void anEndlessStreamIsReadNoFurtherThanNeeded() throws IOException {
        var read = new AtomicInteger();
        var endless = new Iterator<String>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                return "card " + read.incrementAndGet();
            }
        };
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            assertThat(predictor.predict(endless).limit(10)).hasSize(10);
            assertThat(read.get()).isLessThan(20_000);
        }
    }

    @Test
    void noTextsGiveNoAnswers() throws IOException {
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            assertThat(predictor.predict(List.of())).isEmpty();
        }
    }

    @Test
    void severalThreadsAskOnePredictor() throws IOException {
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            Answer expected = predictor.predict("money sent");
            List<Answer> answers = IntStream.range(0, 200)
                    .parallel()
                    .mapToObj(i -> predictor.predict("money sent"))
                    .distinct()
                    .toList();
            assertThat(answers).containsExactly(expected);
        }
    }

    @Test
    void manyThreadsMixTextsListsStreamsAndFutures() throws IOException {
        List<String> texts = texts(240);
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            List<Answer> alone = texts.stream().map(predictor::predict).toList();
            List<List<Answer>> together = IntStream.range(0, 60)
                    .parallel()
                    .mapToObj(i -> {
                        List<String> some = texts.subList(4 * i, 4 * i + 4);
                        return switch (i % 4) {
                            case 0 -> some.stream().map(predictor::predict).toList();
                            case 1 -> predictor.predict(some);
                            case 2 -> predictor.predict(some.iterator()).toList();
                            default -> {
                                var futures = some.stream()
                                        .map(predictor::predictAsync)
                                        .toList();
                                yield futures.stream()
                                        .map(CompletableFuture::join)
                                        .toList();
                            }
                        };
                    })
                    .toList();
            for (int i = 0; i < texts.size(); i++) {
                Answer answer = together.get(i / 4).get(i % 4);
                assertThat(answer.label()).isEqualTo(alone.get(i).label());
                assertThat(answer.probability()).isCloseTo(alone.get(i).probability(), within(1e-6));
            }
        }
    }

    @Test
    void whatIsAskedAtTheSameTimeIsAnsweredAsOneByOne() throws IOException {
        List<String> texts = texts(300);
        try (Predictor predictor = Predictor.open(TinyBundle.write(folder), SMALL)) {
            var answers = texts.stream().map(predictor::predictAsync).toList();
            for (int i = 0; i < texts.size(); i++) {
                Answer alone = predictor.predict(texts.get(i));
                assertThat(answers.get(i).join().label()).isEqualTo(alone.label());
                assertThat(answers.get(i).join().probability()).isCloseTo(alone.probability(), within(1e-6));
            }
        }
    }

    @Test
    void aBundleThatComputesOtherNumbersThanTrainingIsRefused() throws IOException {
        float[] wrong = TinyBundle.logits(2, 4, 5, 3);
        wrong[1] += 0.01f;
        Path bundle = bundle(List.of(Parity.Example.of("Card lost", new int[] {2, 4, 5, 3}, wrong)), TinyBundle.LABELS);
        assertThatThrownBy(() -> Predictor.open(bundle, SMALL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not compute what training computed")
                .hasMessageContaining("0.00");
    }

    @Test
    void aBundleWhoseTokenizerMakesOtherTokensIsRefused() throws IOException {
        Path bundle = bundle(
                List.of(Parity.Example.of("Card lost", new int[] {2, 4, 3}, TinyBundle.logits(2, 4, 3))),
                TinyBundle.LABELS);
        assertThatThrownBy(() -> Predictor.open(bundle, SMALL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not make the tokens");
    }

    @Test
    void aBundleWithOtherLabelsThanOutputsIsRefused() throws IOException {
        Path bundle = bundle(TinyBundle.parity().examples(), List.of("card", "other"));
        assertThatThrownBy(() -> Predictor.open(bundle, SMALL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 labels")
                .hasMessageContaining("3 values");
    }

    @Test
    void tiesGoToTheEarlierLabelAndLargeLogitsDoNotOverflow() {
        float[] probabilities = Softmax.of(new float[] {1000, 1000, -1000});
        assertThat(probabilities).containsExactly(0.5f, 0.5f, 0f);
        assertThat(Answer.of(List.of("a", "b", "c"), probabilities).label()).isEqualTo("a");
    }

    private Path bundle(List<Parity.Example> examples, List<String> labels) throws IOException {
        BundleContents old = TinyBundle.contents(folder);
        Path place = folder.resolve("changed");
        BundleWriter.write(
                place,
                new BundleContents(
                        old.task(),
                        labels,
                        old.encoder(),
                        old.thresholds(),
                        old.graph(),
                        old.tokenizer(),
                        old.config(),
                        old.provenance(),
                        new Parity(Parity.TOLERANCE, examples),
                        old.scores(),
                        old.policy(),
                        old.report()));
        return place;
    }

    private static List<String> texts(int count) {
        var random = new Random(20261121);
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var words = new ArrayList<String>();
            for (int j = random.nextInt(12); j >= 0; j--) {
                words.add(TinyBundle.WORDS.get(4 + random.nextInt(4)));
            }
            texts.add(String.join(" ", words));
        }
        return texts;
    }
}
