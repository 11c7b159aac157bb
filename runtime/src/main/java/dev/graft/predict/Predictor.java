package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.data.TextEncoder;
import dev.graft.ort.LoadedModel;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.task.Softmax;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A bundle's model, ready to answer; several threads may ask at the same time.
 *
 * <p>Opening checks the bundle: its files against their digests, and its parity examples against what training computed.
 */
public final class Predictor implements AutoCloseable {
    private final Bundle bundle;
    private final Scorer scorer;
    private final ExecutorService encoding;

    private Predictor(Bundle bundle, Scorer scorer) {
        this.bundle = bundle;
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
        Bundle bundle = Bundle.unverified(folder);
        CompletableFuture<Void> verified = CompletableFuture.runAsync(bundle::verify);
        CompletableFuture<LoadedModel> model = CompletableFuture.supplyAsync(() -> load(bundle, settings));
        CompletableFuture<TextEncoder> encoder = CompletableFuture.supplyAsync(bundle::encoder);
        try {
            Background.join(verified);
            var scorer = new Scorer(Background.join(model), Background.join(encoder), settings.batchSize());
            Replay.check(bundle, scorer);
            return new Predictor(bundle, scorer);
        } catch (RuntimeException e) {
            model.thenAccept(LoadedModel::close);
            encoder.thenAccept(TextEncoder::close);
            throw e;
        }
    }

    private static LoadedModel load(Bundle bundle, PredictorSettings settings) {
        var runtime = new OrtRuntime(OrtSettings.DEFAULT.withThreads(settings.threads()));
        return runtime.prepare(bundle.file(Bundle.MODEL));
    }

    /** The bundle that was opened. */
    public Bundle bundle() {
        return bundle;
    }

    /** The labels in the order of the model's outputs. */
    public List<String> labels() {
        return bundle.manifest().labels();
    }

    /** The answer to one text. */
    public Answer predict(String text) {
        return predict(List.of(text)).get(0);
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
        return probabilities(texts).map(probabilities -> Answer.of(labels(), probabilities));
    }

    /** The probabilities of texts, a row a text in the order of the labels. */
    public Stream<float[]> probabilities(Iterator<String> texts) {
        return logits(texts).map(Softmax::of);
    }

    /** The model's raw outputs, a row a text in the order of the labels. */
    public Stream<float[]> logits(Iterator<String> texts) {
        var scored = new Scored(scorer, texts, encoding);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(scored, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** Frees native memory, after what is under way; the predictor cannot be used afterwards. */
    @Override
    public void close() {
        encoding.shutdown();
        scorer.close();
    }
}
