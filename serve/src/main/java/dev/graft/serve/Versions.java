package dev.graft.serve;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A model under its name: where its versions come from, and those in service. */
final class Versions {
    private final String name;
    private final List<Supplier<? extends List<? extends Source>>> offers = new ArrayList<>();
    private volatile List<Place> places = List.of();

    Versions(String name) {
        this.name = name;
    }

    /** One more folder that offers versions; those of the last are the newest. */
    void add(Supplier<? extends List<? extends Source>> offer) {
        offers.add(offer);
    }

    String name() {
        return name;
    }

    /**
     * What the model's folders offer now, the newest last.
     *
     * @throws InputException if a folder is no bundle, or two versions have one name
     */
    List<Source> sources() {
        var sources = new ArrayList<Source>();
        offers.forEach(offer -> sources.addAll(offer.get()));
        Set<String> seen = new HashSet<>();
        for (Source source : sources) {
            if (!seen.add(source.version())) {
                throw new InputException("The model '" + name + "' has the version '" + source.version()
                        + "' twice; name each folder once");
            }
        }
        return sources;
    }

    /** The versions in service, the newest last; none where the model is not loaded. */
    List<Place> places() {
        return places;
    }

    /** Puts these versions into service. */
    void serve(List<Place> now) {
        places = List.copyOf(now);
    }

    /**
     * A version in service.
     *
     * @param version empty for the newest
     * @throws Problem if there is none
     */
    Place place(String version) {
        List<Place> now = places;
        if (now.isEmpty()) {
            throw new Problem(Problem.Type.UNAVAILABLE, "The model '" + name + "' is not loaded");
        }
        if (version.isEmpty()) {
            return now.get(now.size() - 1);
        }
        return now.stream()
                .filter(place -> place.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Type.NOT_FOUND,
                        "The model '" + name + "' has no version '" + Names.shown(version) + "'; in service is "
                                + String.join(
                                        ", ", now.stream().map(Place::version).toList())));
    }
}
