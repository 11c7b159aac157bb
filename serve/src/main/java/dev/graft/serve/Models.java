package dev.graft.serve;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.predict.Terms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * The models that a server offers by name, each in one version or several side by side; they come and go without a
 * pause.
 */
final class Models implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Optional<Tenants> tenants;
    private volatile Map<String, Versions> offered;
    private final String first;
    private final Executor workers;
    private final Closing closing = new Closing();
    private final Room room;

    /**
     * How a version of a model stands.
     *
     * @param version empty where none is in service
     * @param reason what is to be said of it; empty for nothing
     */
    record State(String name, Optional<String> version, String reason) {
        /** Triton's word for it. */
        String state() {
            return version.isPresent() ? "READY" : "UNAVAILABLE";
        }
    }

    /** @param offers the first answers where no model is named */
    Models(List<Offer> offers, ServeSettings settings, Meters meters, Executor workers) {
        this.workers = workers;
        this.room = new Room(settings.models().memoryBytes(), ResidentMemory::own, meters.room(), closing);
        if (offers.isEmpty()) {
            throw new InputException("No bundle to serve is named");
        }
        this.first = offers.get(0).name();
        BundleSource.Opening opening = (name, folder, version, everything) ->
                ServedModel.open(name, folder, version, everything, settings, meters, workers);
        Map<String, Versions> named = new LinkedHashMap<>();
        for (Offer offer : offers) {
            requireName(offer.name());
            named.computeIfAbsent(offer.name(), Versions::new)
                    .add(() -> BundleSource.of(offer, settings.models().versions(), opening));
        }
        offered = Collections.unmodifiableMap(named);
        tenants = settings.models()
                .tenants()
                .map(with -> new Tenants(() -> newest(named), with, settings, meters, workers, room::pin));
    }

    private Path newest(Map<String, Versions> named) {
        List<Source> sources = Objects.requireNonNull(named.get(first)).sources();
        return ((BundleSource) sources.get(sources.size() - 1)).folder();
    }

    /** A tenant that has come beside the models; used on the loading thread alone. */
    private Versions offer(Tenants tenants, String name) {
        requireName(name);
        var versions = new Versions(name);
        versions.add(() -> tenants.source(name));
        Map<String, Versions> more = new LinkedHashMap<>(offered);
        if (more.putIfAbsent(name, versions) != null) {
            throw new InputException("Both a bundle and an adapter are called '" + name + "'; rename one");
        }
        offered = Collections.unmodifiableMap(more);
        return versions;
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InputException("'" + name + "' cannot be a model's name in an address: letters, digits, dots,"
                    + " hyphens and underscores can; name the bundle with NAME=FOLDER");
        }
    }

    /**
     * Puts a model into service as its files are now; requests go on all the while. A version whose files are those in
     * service stays as it is.
     *
     * @throws Problem if no such model is offered, or a bundle is refused, in which case what was in service stays
     */
    void load(String name) {
        try {
            room.apart(() -> refresh(known(name), true));
        } catch (Problem problem) {
            throw problem;
        } catch (InputException refused) {
            throw Problem.invalid(String.valueOf(refused.getMessage()));
        } catch (GraftException failed) {
            throw new Problem(Problem.Type.UNAVAILABLE, String.valueOf(failed.getMessage()));
        }
    }

    private Versions known(String name) {
        boolean fresh = !offered.containsKey(name) && NAME.matcher(name).matches();
        return tenants.filter(some -> fresh && some.has(name))
                .map(some -> offer(some, name))
                .orElseGet(() -> versions(name));
    }

    /** Puts every model into service; those for which there is no room come into memory when they are asked. */
    void openAll() {
        room.apart(() -> {
            offered.values().forEach(versions -> refresh(versions, false));
            tenants.ifPresent(some -> some.names().forEach(name -> refresh(offer(some, name), false)));
        });
    }

    /** @param now whether others must go out of memory where there is no room */
    private void refresh(Versions versions, boolean now) {
        List<Place> before = versions.places();
        var after = new ArrayList<Place>();
        var fresh = new ArrayList<Place>();
        try {
            for (Source source : versions.sources()) {
                Optional<Place> kept = before.stream()
                        .filter(place -> place.source().identity().equals(source.identity())
                                && place.version().equals(source.version()))
                        .findFirst();
                Place place = kept.orElseGet(() -> new Place(versions.name(), source, room, workers));
                if (kept.isPresent()) {
                    source.verify();
                } else {
                    fresh.add(place);
                }
                room.bring(place, now);
                after.add(place);
            }
        } catch (RuntimeException | Error e) {
            fresh.forEach(room::dismiss);
            throw e;
        }
        versions.serve(after);
        before.stream().filter(place -> !after.contains(place)).forEach(room::dismiss);
    }

    /** Takes a model out of service, after what is under way. */
    void unload(String name) {
        Versions versions = versions(name);
        room.apart(() -> {
            List<Place> before = versions.places();
            versions.serve(List.of());
            before.forEach(room::dismiss);
        });
    }

    /**
     * A model to ask, which stays in memory until the use is closed.
     *
     * @param name empty for the first
     * @param version empty for the newest
     * @param terms until when the caller waits for a model that is not in memory
     * @return done at once where the model is in memory
     * @throws Problem if there is no such model or version in service
     */
    CompletableFuture<Use> hold(String name, String version, Terms terms) {
        Versions versions = versions(name.isEmpty() ? first : name);
        while (true) {
            Optional<CompletableFuture<Use>> held = versions.place(version).hold(terms);
            if (held.isPresent()) {
                return held.get();
            }
        }
    }

    /** As {@link #hold}, waiting for it; not for an event loop. */
    Use use(String name, String version) {
        return hold(name, version, Terms.NONE).join();
    }

    private Versions versions(String name) {
        Versions versions = offered.get(name);
        if (versions == null) {
            throw new Problem(Problem.Type.NOT_FOUND, "There is no model '" + Names.shown(name) + "'");
        }
        return versions;
    }

    /**
     * The name of a model that is offered, in service or not.
     *
     * @param name empty for the first
     */
    String offered(String name) {
        return name.isEmpty() ? first : versions(name).name();
    }

    /**
     * What models have done so far, those that are in memory; not for an event loop.
     *
     * @param name empty for all
     */
    List<InferenceStatistics> statistics(String name, String version) {
        if (!name.isEmpty()) {
            try (Use use = use(name, version)) {
                return List.of(use.model().statistics());
            }
        }
        var all = new ArrayList<InferenceStatistics>();
        for (State state : states()) {
            if (state.version().isPresent() && state.reason().isEmpty()) {
                all.addAll(statistics(state.name(), state.version().get()));
            }
        }
        return all;
    }

    /** The names of a model's versions in service, the newest last. */
    List<String> versionsOf(String name) {
        return versions(name).places().stream().map(Place::version).toList();
    }

    /** @throws Problem if there is no such model, or it is not in service in this version, if one is named */
    void require(String name, String version) {
        versions(name).place(version);
    }

    /** Whether a model, in this version if one is named, is in service. */
    boolean isReady(String name, String version) {
        Versions found = offered.get(name);
        return found != null
                && found.places().stream()
                        .anyMatch(place -> version.isEmpty() || place.version().equals(version));
    }

    /** Whether every model that is offered is in service. */
    boolean allReady() {
        return offered.values().stream().noneMatch(versions -> versions.places().isEmpty());
    }

    /** Every version of every model that is offered, in order. */
    List<State> states() {
        var states = new ArrayList<State>();
        for (Versions versions : offered.values()) {
            if (versions.places().isEmpty()) {
                states.add(new State(versions.name(), Optional.empty(), "not loaded"));
            }
            for (Place place : versions.places()) {
                String reason = place.inMemory() ? "" : "out of memory, comes back when it is asked";
                states.add(new State(versions.name(), Optional.of(place.version()), reason));
            }
        }
        return states;
    }

    /** Takes every model out of service, and waits until their native memory is freed. */
    @Override
    public void close() {
        List.copyOf(offered.keySet()).forEach(this::unload);
        room.close();
        closing.await();
        tenants.ifPresent(Tenants::close);
    }

    /** A request's hold on a model. */
    static final class Use implements AutoCloseable {
        private final Serving serving;

        Use(Serving serving) {
            this.serving = serving;
        }

        ServedModel model() {
            return serving.model();
        }

        @Override
        public void close() {
            serving.leave();
        }
    }
}
