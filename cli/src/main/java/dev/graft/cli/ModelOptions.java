package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Provenance;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.Pretrained;
import dev.graft.predict.Base;
import dev.graft.serve.ModelSettings;
import dev.graft.serve.TenantSettings;
import dev.graft.serve.VersionPolicy;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which models a server has in memory. */
final class ModelOptions {
    @Option(
            names = "--version-policy",
            paramLabel = "POLICY",
            defaultValue = "latest:1",
            description = "Which numbered versions of a model's folder are in service: latest:N, all, or specific:1,3"
                    + " (default: ${DEFAULT-VALUE}).")
    private String versionPolicy = "latest:1";

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "",
            description = "What all models may take together, for example 2GB; beyond it those asked least recently"
                    + " are unloaded until they are asked again. Unlimited where it is left out.")
    private String memory = "";

    @Option(
            names = "--adapters",
            paramLabel = "DIR",
            defaultValue = "",
            description =
                    "Folder of adapters that share one encoder, each a model of its own: NAME.safetensors, made by"
                            + " graft train --save-adapter for the first bundle's model or for what that was trained from.")
    private String adapters = "";

    /** @param first the bundle that answers where no model is named */
    ModelSettings settings(Path first) {
        return new ModelSettings(
                VersionPolicy.parse(versionPolicy),
                memory.isEmpty() ? 0 : ByteSize.parse("--memory", memory),
                adapters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TenantSettings(Path.of(adapters), pretrained(first))));
    }

    /** What a bundle was trained from, where it is on this machine and still the same. */
    private static Optional<Base> pretrained(Path folder) {
        try {
            Provenance.Source source =
                    Bundle.unverified(folder).manifest().provenance().model();
            Pretrained found = new Hub(HubSettings.fromEnvironment().withOffline(true)).resolve(source.name());
            return Optional.of(new Base(found.model(), found.digest(), Optional.of(found.pooling())))
                    .filter(base -> base.digest().equals(source.sha256()));
        } catch (GraftException absent) {
            return Optional.empty(); // an adapter that needs it is refused, and the message names what is served
        }
    }
}
