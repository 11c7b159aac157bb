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
import org.jspecify.annotations.Nullable;

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
        var begun = new ArrayList<Flight>();
        List<Asked> asked = texts.stream().map(text -> asked(text, begun)).toList();
        try {
            if (!begun.isEmpty()) {
                var computing =
                        compute.apply(begun.stream().map(flight -> flight.text).toList());
                for (int i = 0; i < begun.size(); i++) {
                    begun.get(i).compute(computing.get(i));
                }
            }
            return asked;
        } catch (RuntimeException refused) {
            begun.forEach(flight -> flight.end(null, refused));
            asked.forEach(one -> one.leave().run());
            throw refused;
        }
    }

    /** A text's answer, for which a computation is begun where it is neither kept nor under way. */
    private Asked asked(Encoding text, List<Flight> begun) {
        while (true) {
            Outputs outputs = kept.getIfPresent(text);
            if (outputs != null) {
                return known(outputs);
            }
            var mine = new Flight(text);
            Flight other = flights.putIfAbsent(text, mine);
            if (other == null) {
                return first(mine, begun);
            }
            if (other.join()) {
                return new Asked(other.answer.copy(), other::leave, true);
            }
            flights.remove(text, other);
        }
    }

    /** The first to ask; an answer that was kept just before is seen all the same, for it is kept before its flight ends. */
    private Asked first(Flight mine, List<Flight> begun) {
        Outputs outputs = kept.getIfPresent(mine.text);
        if (outputs != null) {
            mine.end(new Answered(outputs, 0, 0, 0), null);
            return known(outputs);
        }
        begun.add(mine);
        return new Asked(mine.answer.copy(), mine::leave, false);
    }

    private static Asked known(Outputs outputs) {
        return new Asked(CompletableFuture.completedFuture(new Answered(outputs, 0, 0, 0)), () -> {}, true);
    }

    /** Whether answers are kept at all. */
    boolean keeps() {
        return keeping;
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
    private final class Flight {
        private final Encoding text;
        private final CompletableFuture<Answered> answer = new CompletableFuture<>();
        private Optional<CompletableFuture<Answered>> computing = Optional.empty();
        private int callers = 1;

        Flight(Encoding text) {
            this.text = text;
        }

        synchronized boolean join() {
            if (callers == 0) {
                return false;
            }
            callers++;
            return true;
        }

        void leave() {
            Optional<CompletableFuture<Answered>> calledOff;
            synchronized (this) {
                callers--;
                calledOff = callers == 0 ? computing : Optional.empty();
            }
            calledOff.ifPresent(one -> one.cancel(false));
        }

        void compute(CompletableFuture<Answered> now) {
            boolean left;
            synchronized (this) {
                computing = Optional.of(now);
                left = callers == 0;
            }
            now.whenComplete(this::end);
            if (left) {
                now.cancel(false);
            }
        }

        void end(@Nullable Answered answered, @Nullable Throwable failure) {
            if (answered != null) {
                kept.put(text, answered.outputs());
            }
            flights.remove(text, this);
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (answered != null) {
                answer.complete(answered);
            }
        }
    }
}
