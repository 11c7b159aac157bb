package dev.graft.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"graft " + text() + " (Java " + Runtime.version().feature() + ")"};
    }

    /** The version as the jar states it, or {@code development} where classes are run without a jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
