package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    @TempDir
    Path root;

    private Host host() {
        return new Host(root, Map.of("SET", "value", "BLANK", " "), 2);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text + "\n");
    }

    @Test
    void whatTheSystemDoesNotTellIsLeftOut() {
        assertThat(host().isLinux()).isFalse();
        assertThat(host().hugePages()).isEmpty();
        assertThat(host().governor()).isEmpty();
        assertThat(host().load()).isEmpty();
        assertThat(host().memory()).isEmpty();
        assertThat(host().quota()).isEmpty();
        assertThat(host().variable("ABSENT")).isEmpty();
        assertThat(host().variable("BLANK")).isEmpty();
        assertThat(host().variable("SET")).contains("value");
    }

    @Test
    void theChosenModeOfHugePagesStandsInBrackets() throws IOException {
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        assertThat(host().hugePages()).contains("madvise");
    }

    @Test
    void theLoadIsThatOfTheLastMinute() throws IOException {
        write("proc/loadavg", "6.28 5.51 4.73 14/182 11763");
        assertThat(host().load()).hasValue(6.28);
    }

    @Test
    void theQuotaOfVersionTwoIsItsShareOfAPeriod() throws IOException {
        write("proc/self/cgroup", "0::/box");
        write("sys/fs/cgroup/box/cpu.max", "150000 100000");
        assertThat(host().quota()).hasValue(1.5);
        write("sys/fs/cgroup/box/cpu.max", "max 100000");
        assertThat(host().quota()).isEmpty();
    }

    @Test
    void aContainerShowsItsOwnGroupAsTheTopmost() throws IOException {
        write("proc/self/cgroup", "0::/docker/0f3a");
        write("sys/fs/cgroup/cpu.max", "50000 100000");
        assertThat(host().quota()).hasValue(0.5);
    }

    @Test
    void theQuotaOfVersionOneStandsInTwoFiles() throws IOException {
        write("proc/self/cgroup", "4:memory:/box\n1:cpu,cpuacct:/box");
        write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "250000");
        write("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000");
        assertThat(host().quota()).hasValue(2.5);
        write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "-1");
        assertThat(host().quota()).isEmpty();
    }

    @Test
    void memoryIsWhatIsAvailableOrTheGroupsLimitIfThatIsLess() throws IOException {
        write("proc/meminfo", "MemTotal:  24000000 kB\nMemFree:  10 kB\nMemAvailable:   2097152 kB");
        assertThat(host().memory()).hasValue(2L << 30);
        write("proc/self/cgroup", "0::/box");
        write("sys/fs/cgroup/box/memory.max", "1073741824");
        assertThat(host().memory()).hasValue(1L << 30);
        write("sys/fs/cgroup/box/memory.max", "max");
        assertThat(host().memory()).hasValue(2L << 30);
    }

    @Test
    void versionOnesLargestNumberIsNoLimit() throws IOException {
        write("proc/self/cgroup", "4:memory:/box");
        write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712");
        assertThat(host().memory()).isEmpty();
    }

    @Test
    void thisSystemIsRead() {
        assertThat(Host.present().processors()).isPositive();
        assertThat(Host.present().isLinux())
                .isEqualTo(System.getProperty("os.name").equals("Linux"));
    }
}
