package dev.graft.torch;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs mutants in processes of their own and gathers what became of each: it ran, it was refused in one clear message, or
 * it is a finding, be it an unclear message, a hang, or the end of the process.
 *
 * <p>{@code main FIRST_SEED COUNT} prints the findings; {@link OperatorFuzzTest} runs the same.
 */
final class OperatorFuzz {
    private static final long MOST_SECONDS = 60;

    /** Virtual memory of a process; the Java machine and libtorch take 6 GB of it without touching them. */
    private static final long MOST_KILOBYTES = 14L << 20;

    /** The findings by seed, and how many mutants came to what. */
    record Result(Map<Long, String> findings, Map<String, Integer> counts) {}

    private final Map<Long, String> findings = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private long next;

    private OperatorFuzz(long first) {
        this.next = first;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Result result = run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
        result.findings().forEach((seed, finding) -> System.out.println(seed + " " + finding));
        System.out.println(result.counts());
        System.exit(0);
    }

    /** Runs the mutants of so many seeds. */
    static Result run(long first, long count) throws IOException, InterruptedException {
        var fuzz = new OperatorFuzz(first);
        while (fuzz.next < first + count) {
            fuzz.process(first + count - fuzz.next);
        }
        return new Result(fuzz.findings, fuzz.counts);
    }

    private void process(long count) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(next, count))
                .redirectError(new File(System.getProperty("java.io.tmpdir"), "operator-fuzz.err"))
                .start();
        try {
            watch(process, lines(process));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<String> command(long first, long count) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -v " + MOST_KILOBYTES + "; exec \"$@\"", "sh", java));
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null"));
        command.add("-Dorg.bytedeco.openblas.load=mkl");
        if (System.getProperty("fuzz.tell") != null) {
            command.add("-Dfuzz.tell=1");
        }
        command.addAll(List.of("-cp", classPath, FuzzProcess.class.getName(), "" + first, "" + count));
        return command;
    }

    private static BlockingQueue<String> lines(Process process) {
        var lines = new LinkedBlockingQueue<String>();
        var reading = new Thread(() -> {
            try (var reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                lines.add("lost");
            }
            lines.add("end");
        });
        reading.setDaemon(true);
        reading.start();
        return lines;
    }

    private void watch(Process process, BlockingQueue<String> lines) throws InterruptedException {
        long seed = -1;
        while (true) {
            String line = lines.poll(MOST_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.equals("end")) {
                ended(seed, line == null ? "hang" : "crash with exit code " + process.waitFor());
                return;
            } else if (line.equals("done")) {
                return;
            } else if (line.startsWith("try ")) {
                seed = Long.parseLong(line.substring("try ".length()));
            } else if (seed >= 0 && line.startsWith(seed + " ")) {
                note(seed, line.substring(line.indexOf(' ') + 1));
            }
        }
    }

    private void ended(long seed, String how) {
        if (seed < next) {
            throw new IllegalStateException("The process did not get to its first mutant, " + next + ": " + how);
        }
        note(seed, how);
    }

    private void note(long seed, String outcome) {
        String kind = outcome.split(" ", 2)[0];
        counts.merge(kind, 1, Integer::sum);
        if (!outcome.equals("ok") && !outcome.equals("refused")) {
            findings.put(seed, outcome);
        }
        next = seed + 1;
    }
}
