package dev.graft.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a system leaves of its speed, and what to set to have the rest. */
record HostFindings(Host host, List<String> javaOptions) {
    private static final double GIGABYTE = 1L << 30;
    private static final long LEAST_MEMORY = 2L << 30;
    private static final double LITTLE_LOAD = 0.25;

    /** What {@code launch.sh} sets for a training. */
    static final Map<String, String> ALLOCATOR = Map.of(
            "MALLOC_ARENA_MAX", "2",
            "MALLOC_MMAP_THRESHOLD_", "1073741824",
            "MALLOC_TRIM_THRESHOLD_", "4294967296",
            "MALLOC_TOP_PAD_", "268435456",
            "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0");

    static List<Finding> present() {
        var options = java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments();
        return new HostFindings(Host.present(), options).all();
    }

    /** All of them; what a system does not tell is left out. */
    List<Finding> all() {
        List<Finding> findings = new ArrayList<>(List.of(threads()));
        host.load().ifPresent(load -> findings.add(load(load)));
        host.governor().ifPresent(governor -> findings.add(clock(governor)));
        host.memory().ifPresent(bytes -> findings.add(memory(bytes)));
        host.hugePages().ifPresent(mode -> findings.add(hugePages(mode)));
        if (host.isLinux()) {
            findings.add(allocator());
        }
        findings.add(start());
        return findings;
    }

    /** Whether as many threads may run at a time as are started. */
    private Finding threads() {
        int processors = host.processors();
        OptionalDouble quota = host.quota();
        if (quota.isPresent() && quota.getAsDouble() < processors - 0.01) {
            return Finding.slow(
                    "threads",
                    String.format(
                            Locale.ROOT,
                            "%d, but the control group leaves the process the time of %.2f processors, so threads wait for one"
                                    + " another: raise the limit to a whole number, or give --threads %d",
                            processors,
                            quota.getAsDouble(),
                            Math.max(1, (int) quota.getAsDouble())));
        }
        List<String> binding = List.of("OMP_PROC_BIND", "GOMP_CPU_AFFINITY", "KMP_AFFINITY").stream()
                .filter(name -> host.variable(name).isPresent())
                .toList();
        if (!binding.isEmpty()) {
            return Finding.slow(
                    "threads",
                    String.join(" and ", binding) + " binds threads to processors, and several of Graft's to the same"
                            + " ones: unset it");
        }
        int most = limit("OMP_THREAD_LIMIT");
        if (most < processors) {
            return Finding.slow(
                    "threads", "OMP_THREAD_LIMIT allows " + most + " of " + processors + " threads: unset it");
        }
        return Finding.good("threads", processors + "; --threads takes fewer, whatever OMP_NUM_THREADS says");
    }

    private int limit(String variable) {
        return host.variable(variable)
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(Integer.MAX_VALUE);
    }

    private Finding load(double load) {
        String text = String.format(Locale.ROOT, "%.1f processes wanted to run in the last minute", load);
        return load > LITTLE_LOAD * host.processors()
                ? Finding.slow("load", text + ": others compute here too, and take the time from a training")
                : Finding.good("load", text);
    }

    private static Finding clock(String governor) {
        return governor.equals("powersave")
                ? Finding.slow(
                        "clock",
                        "the governor is powersave, under which some processors stay below their full clock:"
                                + " cpupower frequency-set -g performance")
                : Finding.good("clock", "the governor is " + governor);
    }

    private static Finding memory(long bytes) {
        String text = String.format(Locale.ROOT, "%.1f GB are free to be taken", bytes / GIGABYTE);
        return bytes < LEAST_MEMORY
                ? Finding.slow("memory", text + "; graft plan says what a training takes, and how to make it less")
                : Finding.good("memory", text);
    }

    /** Told for the record: a training whose allocator keeps its memory was not measured faster with them. */
    private static Finding hugePages(String mode) {
        return Finding.good("huge pages", mode + "; no training is measurably faster with them");
    }

    /** Whether memory that a step has freed stays with the process for the next. */
    private Finding allocator() {
        if (host.variable("LD_PRELOAD").orElse("").matches(".*(jemalloc|tcmalloc|mimalloc).*")) {
            return Finding.good("allocator", host.variable("LD_PRELOAD").orElseThrow() + " in place of glibc's");
        }
        String missing = ALLOCATOR.entrySet().stream()
                .filter(setting -> host.variable(setting.getKey()).isEmpty())
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .sorted()
                .collect(Collectors.joining(" "));
        return missing.isEmpty()
                ? Finding.good("allocator", "keeps what a step frees for the next")
                : Finding.slow(
                        "allocator",
                        "hands memory back that the next step takes again, page by page: start by the graft command, or"
                                + " set "
                                + missing);
    }

    /** Whether the JVM was started from an archive of Graft's classes. */
    private Finding start() {
        return javaOptions.stream().anyMatch(option -> option.startsWith("-XX:SharedArchiveFile="))
                ? Finding.good("start", "from an archive of Graft's classes")
                : Finding.slow(
                        "start",
                        "without an archive of Graft's classes, about half a second slower; graft train makes it"
                                + " when it has ended, if the folder of Graft's jar can be written");
    }
}
