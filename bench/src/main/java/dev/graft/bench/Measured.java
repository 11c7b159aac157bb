package dev.graft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One whole process, measured from outside.
 *
 * @param seconds wall time from start to end
 * @param peakMebibytes the highest resident memory that was seen, by the kernel's own mark, sampled every 20 ms
 * @param lines the JSON objects among the lines that the process printed
 * @param text everything that it printed
 */
record Measured(double seconds, double peakMebibytes, List<JsonNode> lines, String text) {
    private static final int SAMPLE_MILLIS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs a command to its end. */
    static Measured run(List<String> command, Map<String, String> environment, Path folder) throws IOException {
        Path output = Files.createTempFile("graft-bench", ".log");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(output.toFile()).environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        double peak = 0;
        while (process.isAlive()) {
            peak = Math.max(peak, mark(process.pid()));
            pause();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ":\n" + text);
        }
        return new Measured(seconds, peak, objects(text), text);
    }

    /** A figure of the last JSON object that has it. */
    double figure(String name) {
        return lines.stream()
                .filter(line -> line.has(name))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IllegalStateException("'" + name + "' is nowhere in:\n" + text))
                .get(name)
                .asDouble();
    }

    /** The kernel's mark of a process's highest resident memory, MiB; 0 where it cannot be read. */
    private static double mark(long process) {
        try (var lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(SAMPLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<JsonNode> objects(String text) {
        List<JsonNode> objects = new ArrayList<>();
        text.lines().filter(line -> line.startsWith("{") && line.endsWith("}")).forEach(line -> {
            try {
                objects.add(JSON.readTree(line));
            } catch (IOException e) {
                return; // a line that only looks like JSON
            }
        });
        return objects;
    }
}
