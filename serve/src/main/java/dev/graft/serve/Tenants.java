package dev.graft.serve;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.predict.Base;
import dev.graft.predict.Batcher;
import dev.graft.predict.PredictorSettings;
import dev.graft.predict.Tenant;
import dev.graft.predict.Trunk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Adapters as models of their own on the trunks that they share, one a base; used on the loading thread alone. */
final class Tenants implements AutoCloseable {
    private final AdapterFolder folder;
    private final Supplier<Path> bundle;
    private final TenantSettings settings;
    private final ServeSettings all;
    private final Meters meters;
    private final Executor workers;
    private final LongConsumer pinned;
    private final Map<String, Shared> trunks = new LinkedHashMap<>();

    /** A trunk and its queue. */
    private record Shared(Trunk trunk, Batcher batcher, Meters.OfModel meters) {}

    /**
     * The adapters of a folder.
     *
     * @param bundle whose tokenizer reads the texts
     * @param pinned is told of the bytes of each trunk that comes into memory and stays
     * @throws InputException if the server computes in another precision than float32
     */
    Tenants(
            Supplier<Path> bundle,
            TenantSettings settings,
            ServeSettings all,
            Meters meters,
            Executor workers,
            LongConsumer pinned) {
        if (!all.engine().exact()) {
            throw new InputException(
                    "Adapters cannot be served in " + all.engine().precision()
                            + ": they share an encoder that is computed in fp32; leave --precision or --adapters out");
        }
        this.folder = new AdapterFolder(settings.adapters());
        this.bundle = bundle;
        this.settings = settings;
        this.all = all;
        this.meters = meters;
        this.workers = workers;
        this.pinned = pinned;
    }

    /** The names of those that are there now. */
    List<String> names() {
        return List.copyOf(folder.files().keySet());
    }

    /** Whether there is one of this name now. */
    boolean has(String name) {
        return folder.file(name).isPresent();
    }

    /**
     * A tenant as its file is now.
     *
     * @throws InputException if the file is not there any more
     */
    List<AdapterSource> source(String name) {
        Path file = folder.file(name)
                .orElseThrow(() -> new InputException("There is no adapter '" + name + "' in " + settings.adapters()));
        return List.of(new AdapterSource(name, file, Digest.of(file), this));
    }

    /**
     * A tenant that is ready to answer.
     *
     * @throws InputException if the file is no adapter, or was made for another base
     */
    ServedModel open(String name, Path file, String version) {
        Shared shared = shared(file, Trunk.baseOf(file));
        Tenant tenant = shared.trunk().tenant(file);
        return ServedModel.of(name, version, shared.trunk(), tenant, shared.batcher(), all, meters);
    }

    private Shared shared(Path file, String digest) {
        Shared known = trunks.get(digest);
        if (known != null) {
            return known;
        }
        Bundle read = Bundle.unverified(bundle.get());
        Base base = base(file, digest, read);
        long before = ResidentMemory.own();
        var how = new PredictorSettings(all.threads(), all.batching().maxRows(), true);
        Trunk trunk = Trunk.open(read, base, new ArrayList<>(folder.files().values()), how);
        Meters.OfModel figures = meters.of("trunk", base.digest().substring(0, AdapterSource.VERSION_DIGITS));
        var shared = new Shared(trunk, new Batcher(trunk, all.batching(), figures::batch, workers), figures);
        trunks.put(base.digest(), shared);
        pinned.accept(ResidentMemory.own() - before);
        return shared;
    }

    private Base base(Path file, String digest, Bundle read) {
        Base own = Base.of(read);
        return Stream.concat(Stream.of(own), settings.pretrained().stream())
                .filter(base -> base.digest().equals(digest))
                .findFirst()
                .orElseThrow(() -> new InputException(file + " was made for a model with the SHA-256 " + digest
                        + "; those that are served here are the bundle " + read.folder() + " (" + own.digest() + ")"
                        + settings.pretrained()
                                .map(base -> " and the one that it was made of (" + base.digest() + ")")
                                .orElse("")));
    }

    /** Answers what waits, then frees native memory. */
    @Override
    public void close() {
        trunks.values().forEach(shared -> {
            shared.batcher().close();
            shared.trunk().close();
            shared.meters().close();
        });
        trunks.clear();
    }
}
