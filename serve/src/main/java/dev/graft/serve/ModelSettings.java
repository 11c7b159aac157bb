package dev.graft.serve;

/**
 * Which models are in memory.
 *
 * @param versions which of a model's numbered versions are in service
 * @param memoryBytes what the models may take together; beyond it those that were asked least recently are unloaded, and
 *     come back when they are asked. 0 for no limit
 */
public record ModelSettings(VersionPolicy versions, long memoryBytes) {
    /** The newest version of each model, all models in memory. */
    public static final ModelSettings DEFAULT = new ModelSettings(VersionPolicy.DEFAULT, 0);

    public ModelSettings {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("memoryBytes must be 0 or more, not " + memoryBytes);
        }
    }

    /** These settings with another choice of versions. */
    public ModelSettings withVersions(VersionPolicy versions) {
        return new ModelSettings(versions, memoryBytes);
    }

    /** These settings with another limit of memory. */
    public ModelSettings withMemoryBytes(long memoryBytes) {
        return new ModelSettings(versions, memoryBytes);
    }
}
