package dev.graft.predict;

import dev.graft.data.Encoding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Texts that many threads ask for, tokenised beside the model and computed together. */
final class Together implements AutoCloseable {
    private final TextModel model;
    private final ExecutorService workers;
    private final Batcher batcher;

    Together(TextModel model, BatcherSettings settings) {
        this.model = model;
        this.workers = Background.threads("graft-worker", Runtime.getRuntime().availableProcessors());
        this.batcher = new Batcher(model, settings, BatchListener.NONE, workers);
    }

    CompletableFuture<Answer> answer(String text) {
        return CompletableFuture.supplyAsync(() -> model.encode(List.of(text)), workers)
                .thenCompose(this::submit)
                .thenApply(answered ->
                        Answer.of(model.reading(), answered.outputs().logits()));
    }

    private CompletableFuture<Answered> submit(List<Encoding> text) {
        return batcher.submit(text, Terms.NONE).get(0);
    }

    @Override
    public void close() {
        batcher.close();
        workers.shutdown();
    }
}
