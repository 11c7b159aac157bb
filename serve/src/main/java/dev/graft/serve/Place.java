package dev.graft.serve;

import dev.graft.GraftException;
import dev.graft.predict.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A version's place in service: its model is in memory, or comes back when it is asked. */
final class Place {
    private final String name;
    private final Source source;
    private final Room room;
    private final Executor workers;
    private List<CompletableFuture<Models.Use>> waiting = new ArrayList<>();
    private @Nullable Serving serving;
    private boolean coming;
    private boolean gone;
    private long asked = System.nanoTime();

    Place(String name, Source source, Room room, Executor workers) {
        this.name = name;
        this.source = source;
        this.room = room;
        this.workers = workers;
    }

    String name() {
        return name;
    }

    String version() {
        return source.version();
    }

    Source source() {
        return source;
    }

    /** When it was last asked, by {@link System#nanoTime}. */
    synchronized long asked() {
        return asked;
    }

    synchronized boolean inMemory() {
        return serving != null;
    }

    synchronized boolean inUse() {
        return serving != null && serving.inUse();
    }

    /**
     * The model, in use; where it is not in memory, once it has come back, for which any number of callers wait together.
     *
     * @return empty if the version has been taken out of service
     */
    synchronized Optional<CompletableFuture<Models.Use>> hold(Terms terms) {
        if (gone) {
            return Optional.empty();
        }
        asked = System.nanoTime();
        if (serving != null && serving.enter()) {
            return Optional.of(CompletableFuture.completedFuture(new Models.Use(serving)));
        }
        var wait = new CompletableFuture<Models.Use>();
        waiting.add(wait);
        if (!coming) {
            coming = true;
            room.fetch(this);
        }
        if (terms.deadline() != Terms.NEVER) {
            long left = Math.max(0, terms.deadline() - asked);
            CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, workers)
                    .execute(() -> wait.completeExceptionally(late()));
        }
        return Optional.of(wait.thenApplyAsync(use -> use, workers));
    }

    private Problem late() {
        return new Problem(Problem.Type.DEADLINE, "The model '" + name + "' did not come back into memory in time");
    }

    /** The model has come: all who wait use it. False if the version has been taken out of service meanwhile. */
    synchronized boolean came(Serving fresh) {
        coming = false;
        if (gone) {
            return false;
        }
        serving = fresh;
        asked = System.nanoTime();
        for (CompletableFuture<Models.Use> wait : taken()) {
            fresh.enter();
            if (!wait.complete(new Models.Use(fresh))) {
                fresh.leave();
            }
        }
        return true;
    }

    /** The model did not come: all who wait are told. */
    synchronized void failed(Throwable failure) {
        coming = false;
        Throwable told = failure instanceof GraftException && !(failure instanceof Problem)
                ? new Problem(Problem.Type.UNAVAILABLE, String.valueOf(failure.getMessage()))
                : failure;
        taken().forEach(wait -> wait.completeExceptionally(told));
    }

    private List<CompletableFuture<Models.Use>> taken() {
        List<CompletableFuture<Models.Use>> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    /** Lets the model go out of memory, after its users, until it is asked again. */
    synchronized CompletableFuture<Void> unload() {
        Serving old = serving;
        serving = null;
        return old == null ? CompletableFuture.completedFuture(null) : old.retire();
    }

    /** Takes the version out of service for good. */
    synchronized CompletableFuture<Void> leave() {
        gone = true;
        failed(new Problem(Problem.Type.UNAVAILABLE, "The model '" + name + "' is being taken out of service"));
        return unload();
    }
}
