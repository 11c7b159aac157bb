package dev.graft.serve;

import dev.graft.GraftException;
import dev.graft.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** The models that a server offers by name; each may be in service or not, and is swapped without a pause. */
final class Models implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Map<String, Path> offered;
    private final String first;
    private final ServeSettings settings;
    private final Meters meters;
    private final Executor workers;
    private final ConcurrentMap<String, Serving> serving = new ConcurrentHashMap<>();
    private final Closing closing = new Closing();

    /** How a model stands: ready with a version, or why it is not. */
    record State(String name, Optional<String> version, String reason) {
        /** Triton's word for it. */
        String state() {
            return version.isPresent() ? "READY" : "UNAVAILABLE";
        }
    }

    /** @param offered bundles by name, the one first that answers where no model is named */
    Models(Map<String, Path> offered, ServeSettings settings, Meters meters, Executor workers) {
        this.offered = Collections.unmodifiableMap(new LinkedHashMap<>(offered));
        this.settings = settings;
        this.meters = meters;
        this.workers = workers;
        this.first = offered.keySet().stream()
                .findFirst()
                .orElseThrow(() -> new InputException("No bundle to serve is named"));
        for (String name : offered.keySet()) {
            requireName(name);
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InputException("'" + name + "' cannot be a model's name in an address: letters, digits, dots,"
                    + " hyphens and underscores can; name the bundle with NAME=FOLDER");
        }
    }

    /**
     * Puts a model into service, or its newest files in place of those in service; requests go on all the while.
     *
     * @throws Problem if no such model is offered, or its bundle is refused, in which case what was in service stays
     */
    void load(String name) {
        Path bundle = offered.get(name);
        if (bundle == null) {
            throw unknown(name);
        }
        try {
            open(name, bundle);
        } catch (InputException refused) {
            throw Problem.invalid(String.valueOf(refused.getMessage()));
        } catch (GraftException failed) {
            throw new Problem(Problem.Type.UNAVAILABLE, String.valueOf(failed.getMessage()));
        }
    }

    /** Puts every model into service. */
    void openAll() {
        offered.forEach(this::open);
    }

    private void open(String name, Path bundle) {
        synchronized (bundle) {
            var fresh = new Serving(ServedModel.open(name, bundle, settings, meters, workers), closing);
            Serving old = serving.put(name, fresh);
            if (old != null) {
                old.retire();
            }
        }
    }

    /** Takes a model out of service, after what is under way. */
    void unload(String name) {
        if (!offered.containsKey(name)) {
            throw unknown(name);
        }
        Serving old = serving.remove(name);
        if (old != null) {
            old.retire();
        }
    }

    /**
     * A model to ask, which stays open until the use is closed.
     *
     * @param name empty for the first
     * @param version empty for the one in service
     */
    Use use(String name, String version) {
        String wanted = name.isEmpty() ? first : name;
        Serving found = serving.get(wanted);
        if (found == null) {
            throw offered.containsKey(wanted)
                    ? new Problem(Problem.Type.UNAVAILABLE, "The model '" + wanted + "' is not loaded")
                    : unknown(wanted);
        }
        if (!version.isEmpty() && !version.equals(found.model.version())) {
            throw new Problem(
                    Problem.Type.NOT_FOUND,
                    "The model '" + wanted + "' has no version '" + Names.shown(version) + "'; in service is "
                            + found.model.version());
        }
        return found.enter() ? new Use(found) : use(name, version);
    }

    private static Problem unknown(String name) {
        return new Problem(Problem.Type.NOT_FOUND, "There is no model '" + Names.shown(name) + "'");
    }

    /** Whether a model, in this version if one is named, is in service. */
    boolean isReady(String name, String version) {
        Serving found = serving.get(name);
        return found != null && (version.isEmpty() || version.equals(found.model.version()));
    }

    /** Whether every model that is offered is in service. */
    boolean allReady() {
        return serving.keySet().containsAll(offered.keySet());
    }

    /** Every model that is offered, in order. */
    List<State> states() {
        return offered.keySet().stream()
                .map(name -> {
                    Serving found = serving.get(name);
                    return found == null
                            ? new State(name, Optional.empty(), "not loaded")
                            : new State(name, Optional.of(found.model.version()), "");
                })
                .toList();
    }

    /** Takes every model out of service, and waits until their native memory is freed. */
    @Override
    public void close() {
        List.copyOf(serving.keySet()).forEach(this::unload);
        closing.await();
    }

    /** A request's hold on a model. */
    static final class Use implements AutoCloseable {
        private final Serving serving;

        private Use(Serving serving) {
            this.serving = serving;
        }

        ServedModel model() {
            return serving.model;
        }

        @Override
        public void close() {
            serving.leave();
        }
    }

    /** A model and its users; the last one to leave a retired model closes it. */
    private static final class Serving {
        private final ServedModel model;
        private final Closing closing;
        private int users;
        private boolean retired;

        Serving(ServedModel model, Closing closing) {
            this.model = model;
            this.closing = closing;
        }

        synchronized boolean enter() {
            if (retired) {
                return false;
            }
            users++;
            return true;
        }

        void leave() {
            boolean last;
            synchronized (this) {
                users--;
                last = retired && users == 0;
            }
            if (last) {
                closing.begin(model);
            }
        }

        void retire() {
            boolean unused;
            synchronized (this) {
                retired = true;
                unused = users == 0;
            }
            if (unused) {
                closing.begin(model);
            }
        }
    }
}
