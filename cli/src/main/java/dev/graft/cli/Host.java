package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system that a process runs on, as its files and the environment tell.
 *
 * @param root of the file system, which other systems than Linux have other files under
 * @param environment of the process
 * @param processors that the JVM uses
 */
record Host(Path root, Map<String, String> environment, int processors) {
    private static final String HUGE_PAGES = "sys/kernel/mm/transparent_hugepage/enabled";
    private static final String GOVERNOR = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    private static final String GROUPS = "proc/self/cgroup";
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    /** What version 1 of the kernel's control groups writes for no limit is more than this, in bytes. */
    private static final long NO_LIMIT = 1L << 60;

    Host {
        environment = Map.copyOf(environment);
    }

    /** The system that this process runs on. */
    static Host present() {
        return new Host(Path.of("/"), System.getenv(), Runtime.getRuntime().availableProcessors());
    }

    /** Whether the system has Linux's files. */
    boolean isLinux() {
        return Files.isDirectory(root.resolve("proc"));
    }

    /** A variable of the environment; empty where it is not set or blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** {@code always}, {@code madvise} or {@code never}. */
    Optional<String> hugePages() {
        return text(HUGE_PAGES).map(CHOSEN::matcher).filter(Matcher::find).map(found -> found.group(1));
    }

    /** How the first processor's clock is set, for example {@code performance}. */
    Optional<String> governor() {
        return text(GOVERNOR);
    }

    /** The processes that wanted to run in the last minute, on average. */
    OptionalDouble load() {
        return text("proc/loadavg")
                .map(text -> OptionalDouble.of(Double.parseDouble(text.split(" ")[0])))
                .orElse(OptionalDouble.empty());
    }

    /** Bytes that may be taken without swapping. */
    OptionalLong memory() {
        OptionalLong free = text("proc/meminfo").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> number(line) << 10)
                .findFirst();
        OptionalLong limit = memoryLimit();
        return free.isPresent() && limit.isPresent()
                ? OptionalLong.of(Math.min(free.getAsLong(), limit.getAsLong()))
                : free.isPresent() ? free : limit;
    }

    /** The share of processors' time that a control group leaves to the process, in processors. */
    OptionalDouble quota() {
        return group("", "cpu.max")
                .map(text -> quota(text.split(" ")))
                .or(() -> group("cpu", "cpu.cfs_quota_us")
                        .map(quota ->
                                quota(quota, group("cpu", "cpu.cfs_period_us").orElse("100000"))))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble quota(String... quotaAndPeriod) {
        return NUMBER.matcher(quotaAndPeriod[0]).matches() && Long.parseLong(quotaAndPeriod[0]) > 0
                ? OptionalDouble.of(Double.parseDouble(quotaAndPeriod[0]) / Double.parseDouble(quotaAndPeriod[1]))
                : OptionalDouble.empty();
    }

    private OptionalLong memoryLimit() {
        return group("", "memory.max")
                .or(() -> group("memory", "memory.limit_in_bytes"))
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Long::parseLong)
                .filter(bytes -> bytes < NO_LIMIT)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /**
     * A file of the process's control group, or of the group that a container shows as the topmost.
     *
     * @param controller of version 1; blank for version 2
     */
    private Optional<String> group(String controller, String file) {
        Path groups = Path.of("sys/fs/cgroup").resolve(controller);
        List<String> places = text(GROUPS).stream()
                .flatMap(String::lines)
                .map(line -> line.split(":", 3))
                .filter(parts ->
                        parts.length == 3 && List.of(parts[1].split(",")).contains(controller))
                .map(parts -> parts[2].substring(1))
                .toList();
        return places.stream()
                .flatMap(place -> text(groups.resolve(place).resolve(file).toString()).stream())
                .findFirst()
                .or(() -> text(groups.resolve(file).toString()));
    }

    private static long number(String line) {
        Matcher number = NUMBER.matcher(line);
        return number.find() ? Long.parseLong(number.group()) : 0;
    }

    private Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
