package dev.graft.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder in which a reader of a document could sit: {@code ./graft}, {@code graft} on the path, {@code examples/}.
 *
 * <p>Trainings are shortened to one epoch over every eighth row on one thread, and written though they learned little,
 * unless they are asked for in full.
 */
final class Workplace {
    private static final int KEPT_ROWS = 8;
    private static final long LONGEST_MINUTES = 15;

    private final Path folder;

    /** What a command came to; output holds both streams. */
    record Result(int exitCode, String output) {}

    private Workplace(Path folder) {
        this.folder = folder;
    }

    /** A workplace in a new folder. */
    static Workplace in(Path folder) throws IOException {
        Path examples = Files.createDirectories(folder.resolve("examples"));
        try (Stream<Path> files = Files.list(Documents.ROOT.resolve("examples"))) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file)) {
                    Files.copy(file, examples.resolve(file.getFileName()));
                }
            }
        }
        Files.move(examples.resolve("support.csv"), folder.resolve(".support.csv"));
        Workplace workplace = new Workplace(folder);
        workplace.writeCommand();
        workplace.offer(false);
        return workplace;
    }

    Path folder() {
        return folder;
    }

    /** Puts the example's rows in their place: all, or every eighth. */
    private void offer(boolean inFull) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(".support.csv"));
        List<String> kept = new ArrayList<>();
        boolean open = false;
        int row = 0;
        for (String line : lines) {
            boolean wanted = inFull || row % KEPT_ROWS == 0;
            open ^= line.chars().filter(c -> c == '"').count() % 2 == 1;
            if (wanted) {
                kept.add(line);
            }
            row += open ? 0 : 1;
        }
        Files.writeString(folder.resolve("examples/support.csv"), String.join("\n", kept) + "\n");
    }

    /** The command as the sources' {@code ./graft} starts it, without building. */
    private void writeCommand() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String text = """
                #!/usr/bin/env bash
                given=("$@")
                if [ "${1:-}" = train ] && [ -z "${IN_FULL:-}" ]; then
                    way=auto
                    for ((i = 0; i < $#; i++)); do
                        case "${given[i]}" in
                            --epochs) given[i+1]=1; shorter=yes ;;
                            --budget) shorter=yes ;;
                            --strategy) way=${given[i+1]} ;;
                            --ensemble) way=several ;;
                            --config) named=$(sed -n 's/^strategy: *//p' "${given[i+1]}" 2> /dev/null); way=${named:-$way} ;;
                        esac
                    done
                    case "$way ${shorter:-}" in
                        auto*) case " $* " in *" --budget "*) ;; *) given+=(--budget 0.1) ;; esac ;;
                        head*|zero-shot*|*yes) ;;
                        *) given+=(--epochs 1) ;;
                    esac
                    case " $* " in *" --threads "*) ;; *) given+=(--threads 1) ;; esac
                    case "$way $2 $* " in zero-shot" --"*|*" --allow-negative-transfer "*) ;; *) given+=(--allow-negative-transfer) ;; esac
                fi
                exec '%s' -Xmx1g -XX:+UseSerialGC -Dorg.bytedeco.openblas.load=mkl \\
                    --enable-native-access=ALL-UNNAMED -cp '%s' dev.graft.cli.Main "${given[@]}"
                """.formatted(java, classPath());
        Path command = Files.writeString(folder.resolve("graft"), text);
        if (!command.toFile().setExecutable(true)) {
            throw new IOException("Cannot make " + command + " executable");
        }
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Runs a script in the folder. */
    Result run(String script, boolean inFull) throws IOException, InterruptedException {
        offer(inFull);
        Path output = Files.createTempFile("graft-docs", ".txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("HF_HUB_OFFLINE", "1");
        if (inFull) {
            builder.environment().put("IN_FULL", "1");
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("No end after " + LONGEST_MINUTES + " minutes: " + script);
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** Puts a bundle of another workplace into this one, its files shared. */
    void lend(Path bundle, String name) throws IOException {
        Path target = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(bundle)) {
            for (Path file : files.toList()) {
                Files.createLink(target.resolve(file.getFileName()), file);
            }
        }
    }
}
