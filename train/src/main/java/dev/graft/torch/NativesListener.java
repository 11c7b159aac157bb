package dev.graft.torch;

import java.nio.file.Path;

/** Hears of the unpacking of native libraries, which takes seconds and happens once a machine. */
@FunctionalInterface
public interface NativesListener {
    /** Hears nothing. */
    NativesListener SILENT = folder -> {};

    /** Libraries are about to be unpacked into a folder. */
    void unpacking(Path folder);
}
