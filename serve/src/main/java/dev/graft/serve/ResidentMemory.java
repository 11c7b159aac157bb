package dev.graft.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process itself takes of the machine's memory, as Linux tells it. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String OWN = "RssAnon:";

    private ResidentMemory() {}

    /** Bytes in memory that are no file's; 0 where the system does not tell. */
    static long own() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(OWN))
                    .mapToLong(ResidentMemory::bytes)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long bytes(String line) {
        return Long.parseLong(line.substring(OWN.length()).replace("kB", "").strip()) << 10;
    }
}
