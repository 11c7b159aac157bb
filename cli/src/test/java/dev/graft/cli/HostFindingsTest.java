package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system on which nothing is missing, and what is said when one thing is. */
class HostFindingsTest {
    private static final String HUGE_PAGES = "sys/kernel/mm/transparent_hugepage/enabled";
    private static final String GOVERNOR = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> archived = List.of("-XX:SharedArchiveFile=train-17.jsa");

    @BeforeEach
    void makeAFastSystem() throws IOException {
        write(HUGE_PAGES, "[always] madvise never");
        write(GOVERNOR, "performance");
        write("proc/loadavg", "0.05 0.1 0.1 1/100 1");
        write("proc/meminfo", "MemAvailable: 16777216 kB");
        environment.putAll(HostFindings.ALLOCATOR);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private List<Finding> findings() {
        return new HostFindings(new Host(root, environment, 4), archived).all();
    }

    /** The only thing that is slow. */
    private String slow(String what) {
        List<Finding> slow = findings().stream()
                .filter(finding -> finding.state() != Finding.State.GOOD)
                .toList();
        assertThat(slow).extracting(Finding::what).containsExactly(what);
        return slow.get(0).text();
    }

    @Test
    void aFastSystemHasAllThatIsLookedAt() {
        assertThat(findings()).allMatch(finding -> finding.state() == Finding.State.GOOD);
        assertThat(findings())
                .extracting(Finding::what)
                .containsExactly("threads", "load", "clock", "memory", "huge pages", "allocator", "start");
    }

    @Test
    void aQuotaBelowTheProcessorsIsToldWithTheThreadsThatFit() throws IOException {
        write("proc/self/cgroup", "0::/");
        write("sys/fs/cgroup/cpu.max", "250000 100000");
        assertThat(slow("threads")).contains("2.50 processors", "--threads 2");
    }

    @Test
    void boundThreadsAreTold() {
        environment.put("OMP_PROC_BIND", "true");
        assertThat(slow("threads")).contains("OMP_PROC_BIND", "unset");
    }

    @Test
    void aLimitOfThreadsIsTold() {
        environment.put("OMP_THREAD_LIMIT", "2");
        assertThat(slow("threads")).contains("2 of 4");
    }

    @Test
    void aNumberOfThreadsIsNoLimit() {
        environment.put("OMP_NUM_THREADS", "1");
        assertThat(findings().get(0).state()).isEqualTo(Finding.State.GOOD);
    }

    @Test
    void othersThatComputeAreTold() throws IOException {
        write("proc/loadavg", "3.2 1 1 1/100 1");
        assertThat(slow("load")).contains("3.2 processes", "others");
    }

    @Test
    void aClockThatSavesPowerIsTold() throws IOException {
        write(GOVERNOR, "powersave");
        assertThat(slow("clock")).contains("performance");
    }

    @Test
    void littleMemoryIsTold() throws IOException {
        write("proc/meminfo", "MemAvailable: 1048576 kB");
        assertThat(slow("memory")).contains("1.0 GB", "graft plan");
    }

    @Test
    void hugePagesAreToldAndNeverMissing() throws IOException {
        write(HUGE_PAGES, "always madvise [never]");
        assertThat(findings()).allMatch(finding -> finding.state() == Finding.State.GOOD);
        assertThat(findings().get(4).text()).startsWith("never");
    }

    @Test
    void settingsOfTheAllocatorThatAreMissingAreNamed() {
        environment.remove("MALLOC_TOP_PAD_");
        assertThat(slow("allocator")).contains("MALLOC_TOP_PAD_=268435456").doesNotContain("ARENA");
        environment.put("LD_PRELOAD", "/usr/lib/libjemalloc.so.2");
        assertThat(findings()).allMatch(finding -> finding.state() == Finding.State.GOOD);
    }

    @Test
    void aStartWithoutAnArchiveIsTold() {
        List<Finding> findings = new HostFindings(new Host(root, environment, 4), List.of()).all();
        assertThat(findings.get(findings.size() - 1).state()).isEqualTo(Finding.State.SLOW);
    }

    @Test
    void whatOtherSystemsDoNotHaveIsNotMissing(@TempDir Path empty) {
        assertThat(new HostFindings(new Host(empty, Map.of(), 4), archived).all())
                .allMatch(finding -> finding.state() == Finding.State.GOOD)
                .extracting(Finding::what)
                .containsExactly("threads", "start");
    }
}
