package dev.graft.torch;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Memory of this process, as the JVM's own command {@code VM.info} tells it on Linux with glibc.
 *
 * @param allocated bytes that native code has taken and not given back: tensors, the tokenizer, the JVM itself; Java's own
 *     buffers are left out, for the collector frees them at any moment
 * @param resident bytes in memory, files that are mapped among them
 * @param peak the most that were resident since the process began
 */
public record NativeMemory(long allocated, long resident, long peak) {
    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";
    private static final Pattern ALLOCATED = Pattern.compile("C-Heap outstanding allocations: (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("Resident Set Size: (\\d+)K \\(peak: (\\d+)K\\)");

    /** The memory at this moment; empty where the JVM does not tell. Takes some milliseconds. */
    public static Optional<NativeMemory> now() {
        String text = command("vmInfo");
        Matcher allocated = ALLOCATED.matcher(text);
        Matcher resident = RESIDENT.matcher(text);
        return allocated.find() && resident.find()
                ? Optional.of(new NativeMemory(bytes(allocated, 1) - buffers(), bytes(resident, 1), bytes(resident, 2)))
                : Optional.empty();
    }

    /** Hands what native code has freed back to the system, where the JVM can. */
    public static void trim() {
        command("systemTrimNativeHeap");
    }

    private static String command(String name) {
        try {
            Object text = ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName(COMMANDS), name, new Object[0], new String[0]);
            return String.valueOf(text);
        } catch (JMException absent) {
            return "";
        }
    }

    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long bytes(Matcher found, int group) {
        return Long.parseLong(found.group(group)) << 10;
    }
}
