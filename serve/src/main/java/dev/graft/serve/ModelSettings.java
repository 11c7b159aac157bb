package dev.graft.serve;

import java.util.Optional;

/**
 * Which models are in memory.
 *
 * @param versions which of a model's numbered versions are in service
 * @param memoryBytes what the models may take together; beyond it those that were asked least recently are unloaded, and
 *     come back when they are asked. 0 for no limit
 * @param tenants adapters that share a trunk, if any
 */
public record ModelSettings(VersionPolicy versions, long memoryBytes, Optional<TenantSettings> tenants) {
    /** The newest version of each model, all models in memory, no tenants. */
    public static final ModelSettings DEFAULT = new ModelSettings(VersionPolicy.DEFAULT, 0, Optional.empty());

    public ModelSettings {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("memoryBytes must be 0 or more, not " + memoryBytes);
        }
    }

    /** These settings with another choice of versions. */
    public ModelSettings withVersions(VersionPolicy versions) {
        return new ModelSettings(versions, memoryBytes, tenants);
    }

    /** These settings with another limit of memory. */
    public ModelSettings withMemoryBytes(long memoryBytes) {
        return new ModelSettings(versions, memoryBytes, tenants);
    }

    /** These settings with tenants. */
    public ModelSettings withTenants(TenantSettings tenants) {
        return new ModelSettings(versions, memoryBytes, Optional.of(tenants));
    }
}
