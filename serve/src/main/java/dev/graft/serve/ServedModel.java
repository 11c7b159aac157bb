package dev.graft.serve;

import dev.graft.bundle.Bundle;
import dev.graft.data.EncoderSettings;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.predict.Answered;
import dev.graft.predict.Batcher;
import dev.graft.predict.CostModel;
import dev.graft.predict.Engine;
import dev.graft.predict.LargestBatch;
import dev.graft.predict.PredictorSettings;
import dev.graft.predict.Tenant;
import dev.graft.predict.Terms;
import dev.graft.predict.TextClassifier;
import dev.graft.predict.TextModel;
import dev.graft.predict.Trunk;
import dev.graft.watch.Visit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One version of a model in service: its queue, its cache, its figures. */
final class ServedModel implements AutoCloseable {
    private static final int VERSION_DIGITS = 12;
    private static final int TENANTS_SHARE = 16;
    private static final Terms BEHIND = new Terms(Terms.NEVER, Integer.MIN_VALUE);

    private final String name;
    private final String version;
    private final TextClassifier model;
    private final Asking asking;
    private final Batcher batcher;
    private final Engine engine;
    private final Runnable closing;
    private final PredictionCache cache;
    private final Meters.OfModel meters;

    /** Has rows of tokens computed, or refuses them all by throwing. */
    private interface Asking {
        List<CompletableFuture<Answered>> ask(List<Encoding> rows, Terms terms);
    }

    private ServedModel(
            String name, String version, TextModel model, ServeSettings settings, Meters meters, Executor workers) {
        this.name = name;
        this.version = version;
        this.model = model;
        this.meters = meters.of(name, version);
        this.cache = new PredictionCache(settings.cacheBytes(), settings.cacheTime());
        this.batcher = new Batcher(model, settings.batching(), this.meters::batch, workers);
        this.meters.watch(batcher, cache);
        this.asking = batcher::submit;
        this.engine = settings.engine();
        this.closing = () -> {
            batcher.close();
            model.close();
        };
    }

    private ServedModel(
            String name,
            String version,
            Trunk trunk,
            Tenant tenant,
            Batcher shared,
            ServeSettings settings,
            Meters meters) {
        this.name = name;
        this.version = version;
        this.model = trunk.classifier(tenant);
        this.meters = meters.of(name, version);
        this.cache = new PredictionCache(settings.cacheBytes() / TENANTS_SHARE, settings.cacheTime());
        this.meters.watch(shared, cache);
        this.batcher = shared;
        this.asking = (rows, terms) -> shared.submit(rows, tenant, terms);
        this.engine = settings.engine();
        this.closing = () -> {};
    }

    /** A tenant of a trunk, whose queue it shares; its cache is a sixteenth of another model's. */
    static ServedModel of(
            String name,
            String version,
            Trunk trunk,
            Tenant tenant,
            Batcher shared,
            ServeSettings settings,
            Meters meters) {
        return new ServedModel(name, version, trunk, tenant, shared, settings, meters);
    }

    /**
     * A model that is warm: its parity examples have been replayed, and its cost measured.
     *
     * @param everything whether its largest batch is computed too, so that its memory has its full size
     * @throws dev.graft.InputException if the folder is no bundle, or does not compute what training computed
     */
    static ServedModel open(
            String name,
            Path bundle,
            String version,
            boolean everything,
            ServeSettings settings,
            Meters meters,
            Executor workers) {
        var how = new PredictorSettings(settings.threads(), settings.batching().maxRows(), true, settings.engine());
        TextModel model = TextModel.open(bundle, how);
        try {
            if (everything) {
                LargestBatch.compute(model, settings.batching());
            }
            return new ServedModel(name, version, model, settings, meters, workers);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** A version's name: the first digits of the model file's SHA-256. */
    static String version(Bundle bundle) {
        return String.valueOf(bundle.manifest().files().get(Bundle.MODEL)).substring(0, VERSION_DIGITS);
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    TextClassifier model() {
        return model;
    }

    /** What computes it. */
    Engine engine() {
        return engine;
    }

    Meters.OfModel meters() {
        return meters;
    }

    /**
     * Tokenises one request's texts on this thread, and has them computed.
     *
     * @param truncation what becomes of texts that are too long
     * @return the answers in the order of the rows; cancelling it calls the computation off
     */
    CompletableFuture<List<Answered>> ask(List<TextRow> rows, Truncation truncation, Terms terms, Visit visit) {
        var whole = new CompletableFuture<List<Answered>>();
        visit.texts(TextRow.texts(rows));
        if (!cache.keeps()) { // else the answer may be there, however long the queue is
            batcher.requireRoom(rows.size(), terms);
        }
        ask(whole, encode(rows, truncation, visit), terms);
        return whole;
    }

    /** Computes rows of tokens; otherwise as {@link #ask}. */
    CompletableFuture<List<Answered>> askTokens(List<Encoding> rows, Terms terms, Visit visit) {
        var whole = new CompletableFuture<List<Answered>>();
        visit.tokenised(System.nanoTime(), 0);
        ask(whole, rows, terms);
        return whole;
    }

    /** What it has done so far. */
    InferenceStatistics statistics() {
        return meters.statistics();
    }

    /** Computes rows after all that callers ask for, and keeps none of the answers. */
    List<CompletableFuture<Answered>> computeBehind(List<Encoding> rows) {
        return asking.ask(rows, BEHIND);
    }

    /** What a batch takes on this machine. */
    CostModel cost() {
        return batcher.cost();
    }

    private void ask(CompletableFuture<List<Answered>> whole, List<Encoding> encodings, Terms terms) {
        List<PredictionCache.Asked> asked = cache.ask(encodings, missing -> asking.ask(missing, terms));
        asked.forEach(one -> meters.cache(one.hit()));
        whole.whenComplete((answers, failure) -> {
            if (whole.isCancelled()) {
                asked.forEach(one -> one.leave().run());
            }
        });
        CompletableFuture<?>[] all =
                asked.stream().map(PredictionCache.Asked::answer).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).whenComplete((done, failure) -> {
            if (failure != null) {
                whole.completeExceptionally(failure);
            } else {
                whole.complete(asked.stream().map(one -> one.answer().join()).toList());
            }
        });
    }

    /** Texts to tokens, on this thread. */
    List<Encoding> encode(List<TextRow> rows, Truncation truncation, Visit visit) {
        long start = System.nanoTime();
        requirePairsAreTaken(rows);
        List<Encoding> encodings = TextRow.encode(rows, model::encode, model::encodePairs);
        int longest = model.bundle().manifest().encoder().maxLength();
        if (truncation != Truncation.AT_END && encodings.stream().anyMatch(encoding -> encoding.length() >= longest)) {
            if (truncation == Truncation.REFUSED) {
                refuseLonger(rows, longest);
            } else {
                TextEncoder other = model.cuttingStarts();
                encodings = TextRow.encode(rows, other::encode, other::encodePairs);
            }
        }
        long took = System.nanoTime() - start;
        meters.tokenised(took);
        visit.tokenised(start, took);
        return encodings;
    }

    private void requirePairsAreTaken(List<TextRow> rows) {
        if (rows.stream().anyMatch(TextRow::isPair) && !model.takesPairs()) {
            throw Problem.invalid("A pair of texts was given, but the model '" + name
                    + "' reads single texts: its tokenizer puts nothing between the two, and its graph does not read"
                    + " token_type_ids; give each text alone");
        }
    }

    /** A text of exactly the longest length is not cut: a tokenizer that cuts one token later tells. */
    private void refuseLonger(List<TextRow> rows, int longest) {
        EncoderSettings settings = model.bundle().manifest().encoder();
        try (TextEncoder further = TextEncoder.open(
                new EncoderSettings(longest + 1, settings.prefix()),
                model.bundle().file(Bundle.TOKENIZER))) {
            for (Encoding encoding : TextRow.encode(rows, further::encode, further::encodePairs)) {
                if (encoding.length() > longest) {
                    throw new Problem(
                            Problem.Type.TOO_LARGE,
                            "`inputs` must have at most " + longest + " tokens each, and one has more; shorten it, or"
                                    + " let it be cut with \"truncate\": true");
                }
            }
        }
    }

    /** Answers what waits, then frees native memory. */
    @Override
    public void close() {
        closing.run();
        meters.close();
    }
}
