package dev.graft.serve;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Memory that native code has freed and the C library still holds. */
final class NativeHeap {
    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

    private NativeHeap() {}

    /**
     * Hands it back to the system, by the JVM's own command {@code System.trim_native_heap}.
     *
     * @return whether there is such a command: there is on Linux with glibc, from JDK 17.0.9 on
     */
    static boolean trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName(COMMANDS), "systemTrimNativeHeap", new Object[0], new String[0]);
            return true;
        } catch (JMException absent) {
            return false;
        }
    }
}
