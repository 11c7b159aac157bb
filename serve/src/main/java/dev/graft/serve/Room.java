package dev.graft.serve;

import dev.graft.InputException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The memory that models take together: one thread brings them in, one after the other, and lets those go that were
 * asked least recently where there is no room.
 *
 * <p>What a model takes is measured: by how much the process's own memory grew while the model was opened, replayed,
 * timed and run on its largest batch; at least the size of its file, since the allocator may hand out again what another
 * model has left. What a model takes is known only when it is in, so the limit may be exceeded while one comes.
 */
final class Room implements AutoCloseable {
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);
    private static final long MEGABYTE = 1 << 20;

    private final long limit;
    private final LongSupplier memory;
    private final RoomMeters meters;
    private final Closing closing;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "graft-load");
        thread.setDaemon(true);
        return thread;
    });

    /** What is in memory and what it takes; only the one thread looks at it. */
    private final Map<Place, Long> taken = new LinkedHashMap<>();

    private final Map<Source, Long> known = new LinkedHashMap<>();
    private long pinned;

    /**
     * @param limit bytes; 0 for none
     * @param memory what the process takes
     */
    Room(long limit, LongSupplier memory, RoomMeters meters, Closing closing) {
        this.limit = limit;
        this.memory = memory;
        this.meters = meters;
        this.closing = closing;
    }

    /** Brings a model into memory, by and by. */
    void fetch(Place place) {
        thread.execute(() -> {
            try {
                bring(place, true);
            } catch (RuntimeException | Error e) {
                place.failed(e);
            }
        });
    }

    /** Does something on the thread on which models come and go, and waits for it. */
    void apart(Runnable work) {
        try {
            CompletableFuture.runAsync(work, thread).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Type.UNAVAILABLE, "The server is stopping");
        }
    }

    /** Bytes that came into memory and stay, beside the models that come and go. */
    void pin(long bytes) {
        pinned += Math.max(0, bytes);
    }

    private boolean fits(Place place) {
        return limit == 0 || used() + expected(place) <= limit;
    }

    /**
     * Brings a model into memory.
     *
     * @param now whether others go where there is no room; else it stays out until it is asked
     * @throws InputException if the model is refused, or takes more than the whole limit
     */
    void bring(Place place, boolean now) {
        requireWithin(place, expected(place));
        if (place.inMemory() || !now && !fits(place)) {
            return;
        }
        while (!fits(place) && least(place).isPresent()) {
            unload(least(place).get());
        }
        Serving serving = opened(place);
        taken.put(place, expected(place));
        meters.loaded(taken.size(), used());
        if (!place.came(serving)) {
            taken.remove(place);
            meters.left(taken.size(), used());
            serving.retire();
            return;
        }
        while (limit > 0 && used() > limit && taken.size() > 1) {
            unload(now ? least(place).orElseThrow() : place);
        }
    }

    private Serving opened(Place place) {
        long before = memory.getAsLong();
        ServedModel model = place.source().open(limit > 0);
        long least = place.source().leastBytes();
        long bytes = place.source().measured() ? Math.max(least, memory.getAsLong() - before) : least;
        known.merge(place.source(), bytes, Math::max);
        var serving = new Serving(model, closing);
        try {
            requireWithin(place, bytes);
        } catch (InputException tooLarge) {
            serving.retire();
            throw tooLarge;
        }
        return serving;
    }

    private long expected(Place place) {
        return known.getOrDefault(place.source(), place.source().leastBytes());
    }

    private void requireWithin(Place place, long bytes) {
        if (limit > 0 && pinned + bytes > limit) {
            throw new InputException("The model '" + place.name() + "' takes " + megabytes(pinned + bytes)
                    + " of memory" + (pinned > 0 ? " with the trunk of all tenants" : "") + ", and --memory allows "
                    + megabytes(limit)
                    + " for all models together; allow more, or serve a smaller model");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
    }

    /** What the models in memory take. */
    private long used() {
        return pinned + taken.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was asked least recently; what nobody uses comes first. */
    private Optional<Place> least(Place but) {
        return taken.keySet().stream()
                .filter(place -> place != but)
                .min(Comparator.comparing(Place::inUse).thenComparingLong(Place::asked));
    }

    /** Whoever uses the model finishes first; meanwhile new requests for it wait until it comes back. */
    private void unload(Place place) {
        CompletableFuture<Void> closed = place.unload();
        taken.remove(place);
        meters.evicted(taken.size(), used());
        try {
            closed.get(LONGEST_DRAIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Problem(
                    Problem.Type.UNAVAILABLE,
                    "All models in memory are in use, and --memory has no room for another; ask again later",
                    Duration.ofSeconds(1));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Type.UNAVAILABLE, "The server is stopping");
        }
    }

    /** Takes a model out of service for good; its users finish first. */
    void dismiss(Place place) {
        place.leave();
        if (taken.remove(place) != null) {
            meters.left(taken.size(), used());
        }
        known.remove(place.source());
    }

    /** Nothing comes any more. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
