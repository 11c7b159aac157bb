package dev.graft.cli;

import dev.graft.serve.ModelSettings;
import dev.graft.serve.VersionPolicy;
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

    ModelSettings settings() {
        return new ModelSettings(
                VersionPolicy.parse(versionPolicy), memory.isEmpty() ? 0 : ByteSize.parse("--memory", memory));
    }
}
