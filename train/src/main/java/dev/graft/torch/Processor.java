package dev.graft.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a processor offers.
 *
 * @param flags the names of its instruction sets as Linux spells them; empty where the system does not tell
 */
public record Processor(Set<String> flags) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    public Processor {
        flags = Set.copyOf(flags);
    }

    /** The processor of this machine. */
    public static Processor present() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(Processor::of)
                    .orElse(none());
        } catch (IOException e) {
            return none();
        }
    }

    private static Processor of(String line) {
        String flags = line.substring(line.indexOf(':') + 1).strip();
        return new Processor(Set.copyOf(Arrays.asList(flags.split(" "))));
    }

    private static Processor none() {
        return new Processor(Set.of());
    }

    /** Whether products in bfloat16 have instructions of their own, which make them faster than in float32. */
    public boolean multipliesBfloat16() {
        return flags.contains("amx_bf16") || flags.contains("avx512_bf16");
    }

    /** The precision in which training is fastest here. */
    public Precision fastestPrecision() {
        return multipliesBfloat16() ? Precision.BF16 : Precision.FP32;
    }
}
