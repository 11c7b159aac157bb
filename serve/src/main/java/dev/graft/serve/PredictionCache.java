package dev.graft.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.graft.data.Encoding;
import dev.graft.predict.Answered;
import dev.graft.predict.Outputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * One model's answers, kept by the tokens of the text, so that texts which the model cannot tell apart share one; what
 * is asked for while it is being computed is computed once.
 */
final class PredictionCache {
    /** What an entry takes beyond its arrays: objects, references, the cache's own links; measured by no one, rounded up. */
    private static final int OVERHEAD = 256;

    private final Cache<Encoding, Outputs> kept;
    private final ConcurrentMap<Encoding, Flight> flights = new ConcurrentHashMap<>();
    private final boolean keeping;

    /** @param bytes of memory; 0 to keep nothing and to compute everything */
    PredictionCache(long bytes, Duration time) {
        this.keeping = bytes > 0;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher(PredictionCache::weight)
                .expireAfterWrite(time)
                .executor(Runnable::run)
                .build();
    }

    private static int weight(Encoding encoding, Outputs outputs) {
        return OVERHEAD + 8 * encoding.length() + 4 * (outputs.logits().length + outputs.features().length);
    }

    /** A text's answer, and how to say that nobody waits for it any more. */
    record Asked(CompletableFuture<Answered> answer, Runnable leave, boolean hit) {}

    /**
     * The answers of texts, computed where they are not there.
     *
     * @param compute takes all texts that are to be computed, or refuses them all by throwing
     */
    List<Asked> ask(List<Encoding> texts, Function<List<Encoding>, List<CompletableFuture<Answered>>> compute) {
        if (!keeping) {
            return compute.apply(texts).stream()
                    .map(answer -> new Asked(answer, () -> answer.cancel(false), false))
                    .toList();
        }
        List<Optional<Asked>> known = texts.stream().map(this::known).toList();
        var missing = new ArrayList<Encoding>();
        for (int i = 0; i < texts.size(); i++) {
            if (known.get(i).isEmpty()) {
                missing.add(texts.get(i));
            }
        }
        try {
            var computing = missing.isEmpty()
                    ? List.<CompletableFuture<Answered>>of().iterator()
                    : compute.apply(missing).iterator();
            var asked = new ArrayList<Asked>(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                Encoding text = texts.get(i);
                asked.add(known.get(i).orElseGet(() -> begun(text, computing.next())));
            }
            return asked;
        } catch (RuntimeException refused) {
            known.forEach(one -> one.ifPresent(asked -> asked.leave().run()));
            throw refused;
        }
    }

    private Optional<Asked> known(Encoding text) {
        Outputs outputs = kept.getIfPresent(text);
        if (outputs != null) {
            return Optional.of(
                    new Asked(CompletableFuture.completedFuture(new Answered(outputs, 0, 0, 0)), () -> {}, true));
        }
        Flight flight = flights.get(text);
        return flight != null && flight.join()
                ? Optional.of(new Asked(flight.answer.copy(), flight::leave, true))
                : Optional.empty();
    }

    private Asked begun(Encoding text, CompletableFuture<Answered> computing) {
        var flight = new Flight(computing);
        flights.put(text, flight);
        computing.whenComplete((answered, failure) -> {
            if (answered != null) {
                kept.put(text, answered.outputs());
            }
            flights.remove(text, flight);
        });
        return new Asked(computing.copy(), flight::leave, false);
    }

    /** Answers that are kept. */
    long size() {
        return kept.estimatedSize();
    }

    /** Bytes that the kept answers take, estimated. */
    long bytes() {
        return kept.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** A computation for which several callers may wait; it is called off when the last one leaves. */
    private static final class Flight {
        private final CompletableFuture<Answered> answer;
        private int callers = 1;

        Flight(CompletableFuture<Answered> answer) {
            this.answer = answer;
        }

        synchronized boolean join() {
            if (callers == 0) {
                return false;
            }
            callers++;
            return true;
        }

        synchronized void leave() {
            callers--;
            if (callers == 0) {
                answer.cancel(false);
            }
        }
    }
}
