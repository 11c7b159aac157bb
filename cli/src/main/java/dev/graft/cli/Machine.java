package dev.graft.cli;

import dev.graft.torch.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the machine offers. */
final class Machine {
    private static final List<String> FEATURES =
            List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8");
    private static final double GIGABYTE = 1L << 30;
    private static final long LEAST_HEAP = 1L << 30;
    private static final long LEAST_DISK = 2L << 30;

    private Machine() {}

    static List<Finding> findings() {
        return List.of(java(), processor(), bfloat16(Processor.present()), heap());
    }

    private static Finding java() {
        return Finding.good(
                "Java",
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("os.name")
                        + " " + System.getProperty("os.arch"));
    }

    private static Finding processor() {
        int count = Runtime.getRuntime().availableProcessors();
        Set<String> flags = Processor.present().flags();
        String known = FEATURES.stream().filter(flags::contains).collect(Collectors.joining(" "));
        String text = count + (count == 1 ? " processor" : " processors") + (known.isEmpty() ? "" : ", " + known);
        if (!flags.isEmpty() && !flags.contains("avx2")) {
            return Finding.slow("processor", text + "; without AVX2 products take several times as long");
        }
        return count == 1
                ? Finding.slow("processor", text + "; training takes about twice as long as on two")
                : Finding.good("processor", text);
    }

    /** What {@code graft train --precision} is worth here. */
    static Finding bfloat16(Processor processor) {
        return processor.multipliesBfloat16()
                ? Finding.good("bfloat16", "fast: this processor multiplies it, so graft train computes in it")
                : Finding.good(
                        "bfloat16",
                        "no gain: this processor has neither avx512_bf16 nor amx_bf16, so graft train computes in fp32");
    }

    private static Finding heap() {
        long heap = Runtime.getRuntime().maxMemory();
        String text = String.format(Locale.ROOT, "Java may use %.1f GB; tensors lie outside of it", heap / GIGABYTE);
        return heap < LEAST_HEAP
                ? Finding.slow("heap", text + "; large tables may not fit: GRAFT_JAVA_OPTIONS=-Xmx2g")
                : Finding.good("heap", text);
    }

    static Finding cache(Path folder) {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            long free = existing == null ? 0 : Files.getFileStore(existing).getUsableSpace();
            String text = String.format(
                    Locale.ROOT, "%s, %.1f GB used, %.1f GB free", folder, size(folder) / GIGABYTE, free / GIGABYTE);
            return free < LEAST_DISK
                    ? Finding.slow("cache", text + "; models and libraries need about 2 GB: set GRAFT_CACHE elsewhere")
                    : Finding.good("cache", text);
        } catch (IOException e) {
            return new Finding("cache", Finding.State.BROKEN, folder + " cannot be examined: " + e.getMessage());
        }
    }

    private static long size(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
