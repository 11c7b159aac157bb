package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The command in a process of its own, as a shell would start it. */
final class GraftProcess implements AutoCloseable {
    private static final int LONGEST_SECONDS = 240;
    private static final int POLL_MILLISECONDS = 5;

    private final Process process;
    private final Path messages;

    private GraftProcess(Process process, Path messages) {
        this.process = process;
        this.messages = messages;
    }

    /** Starts the command so that Ctrl-C reaches it, also where the tests themselves run in the background. */
    static GraftProcess start(Path folder, String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.openblas.load=mkl",
                "-cp",
                classPath,
                "dev.graft.cli.Main"));
        command.addAll(List.of(arguments));
        Path messages = Files.createTempFile(folder, "messages", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(messages.toFile())
                .start();
        return new GraftProcess(process, messages);
    }

    /** What the process has written to standard error so far. */
    String messages() throws IOException {
        return Files.readString(messages);
    }

    /** Waits until the process has written a text, or has ended. */
    void awaitMessage(String text) throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (process.isAlive() && !messages().contains(text)) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("No '" + text + "' in " + messages());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    /** The exit code, once the process has ended. */
    int await() throws InterruptedException, TimeoutException {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("No end after " + LONGEST_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** kill -9. */
    void kill() throws InterruptedException, TimeoutException {
        process.destroyForcibly();
        await();
    }

    /** What Ctrl-C sends. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
