package dev.graft.serve;

/** The version of this program. */
final class Version {
    private Version() {}

    /** The version as the jar states it, or {@code development} where classes are run without a jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
