package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two sides of a comparison, as commands that are run to their end.
 *
 * @param places where they are
 * @param rounds how often the sides take turns
 */
record Sides(Places places, int rounds) {
    /** What {@code ./graft train} sets, see launch.sh. */
    static final Map<String, String> ALLOCATOR = Map.of(
            "MALLOC_ARENA_MAX", "2",
            "MALLOC_MMAP_THRESHOLD_", "1073741824",
            "MALLOC_TRIM_THRESHOLD_", "4294967296",
            "MALLOC_TOP_PAD_", "268435456",
            "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0");

    private static final String VERSIONS =
            "from importlib.metadata import version as v; print(', '.join(n + ' ' + v(n) for n in"
                    + " ('torch', 'transformers', 'sentence-transformers', 'onnxruntime')))";

    private static final List<String> HEAP = List.of("-XX:+UseSerialGC", "-Xmn16m");

    /** Runs a command that cannot reach the network. */
    Measured run(List<String> command) throws IOException {
        System.err.println("running " + String.join(" ", command));
        return Measured.run(command, places.environment(), places.root());
    }

    /** Runs a script of the peers'. */
    Measured peer(String name, String... arguments) throws IOException {
        return run(places.script(name, arguments));
    }

    /** Runs {@code ./graft}. */
    Measured graft(String... arguments) throws IOException {
        return run(places.graft(arguments));
    }

    /** Runs a program of this module under the allocator settings and the heap of {@code ./graft train}. */
    Measured program(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(java(program));
        command.addAll(1, HEAP);
        command.addAll(List.of(arguments));
        System.err.println("running " + program.getName() + " " + String.join(" ", arguments));
        return Measured.run(command, ALLOCATOR, places.root());
    }

    /** The peers' libraries with their versions. */
    String versions() throws IOException {
        return run(List.of(places.python().toString(), "-c", VERSIONS)).text().strip();
    }

    /** A folder for a run's output that is not there yet. */
    Path fresh(String name) throws IOException {
        Files.createDirectories(places.work());
        Path folder = places.work().resolve(name);
        dev.graft.SafeFile.delete(folder);
        return folder;
    }

    /** The command that runs a program of this module. */
    static List<String> java(Class<?> program) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.openblas.load=mkl",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }
}
