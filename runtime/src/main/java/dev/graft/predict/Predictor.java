package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.task.Reading;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's model, ready to answer; several threads may ask at the same time.
 *
 * <p>Opening checks the bundle: its files against their digests, and its parity examples against what training computed.
 */
public final class Predictor implements AutoCloseable {
    private final Scorer scorer;
    private final ExecutorService encoding;
    private @Nullable Together together;

    private Predictor(Scorer scorer) {
        this.scorer = scorer;
        this.encoding = Background.thread("graft-encode");
    }

    /** A predictor with {@link PredictorSettings#DEFAULT}. */
    public static Predictor open(Path bundle) {
        return open(bundle, PredictorSettings.DEFAULT);
    }

    /**
     * A predictor.
     *
     * @throws dev.graft.InputException if the folder is no bundle, has been changed, or does not compute what training
     *     computed
     */
    public static Predictor open(Path folder, PredictorSettings settings) {
        return new Predictor(new Scorer(TextModel.open(folder, settings), settings.batchSize()));
    }

    /** The bundle that was opened. */
    public Bundle bundle() {
        return scorer.model().bundle();
    }

    /** The labels in the order of the model's outputs. */
    public List<String> labels() {
        return scorer.model().labels();
    }

    /** The answer to one text. */
    public Answer predict(String text) {
        return predict(List.of(text)).get(0);
    }

    /**
     * The answer to one text, computed together with what other threads ask for at about the same time.
     *
     * <p>The first such question measures the model, which takes some tenths of a second. At most 1,024 texts wait.
     *
     * @return fails with {@link RefusedException} where too many texts wait
     */
    public CompletableFuture<Answer> predictAsync(String text) {
        return together().answer(text);
    }

    private synchronized Together together() {
        if (together == null) {
            together = new Together(scorer.model(), BatcherSettings.DEFAULT);
        }
        return together;
    }

    /** The answers to texts, in their order. */
    public List<Answer> predict(List<String> texts) {
        return predict(texts.iterator()).toList();
    }

    /**
     * The answers to texts that need not fit into memory, in their order.
     *
     * <p>The texts are read as the stream is consumed, some thousands ahead.
     */
    public Stream<Answer> predict(Iterator<String> texts) {
        return logits(texts).map(logits -> Answer.of(reading(), logits));
    }

    /** How the model's outputs are read. */
    public Reading reading() {
        return scorer.model().reading();
    }

    /** The probabilities of texts, a row a text in the order of the labels; of a regression its numbers. */
    public Stream<float[]> probabilities(Iterator<String> texts) {
        return logits(texts).map(reading()::scores);
    }

    /** The model's raw outputs, a row a text in the order of the labels. */
    public Stream<float[]> logits(Iterator<String> texts) {
        var scored = new Scored(scorer, texts, encoding);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(scored, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** Frees native memory, after what is under way; the predictor cannot be used afterwards. */
    @Override
    public synchronized void close() {
        encoding.shutdown();
        if (together != null) {
            together.close();
        }
        scorer.close();
    }
}
