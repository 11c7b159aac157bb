package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.SafeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a model of two words and ends, so that a JVM that is told to archive the classes it has loaded
 * ({@code -XX:ArchiveClassesAtExit}) meets those of the commands that do not serve. The launcher runs it once, when a
 * training has ended; later commands then start from the archive.
 */
final class TrainRehearsal {
    private TrainRehearsal() {}

    /** Rehearses; ends with 0 when all was trained. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("graft-rehearsal-");
        try {
            rehearse(folder);
        } finally {
            SafeFile.delete(folder);
        }
    }

    private static void rehearse(Path folder) throws IOException {
        String rows = RehearsalEncoder.writeRows(folder).toString();
        String model = RehearsalEncoder.write(folder).toString();
        Path bundle = folder.resolve("bundle");
        List<String> train = List.of(
                "train",
                rows,
                "--model",
                model,
                "--output",
                bundle.toString(),
                "--epochs",
                "1",
                "--force",
                "--allow-negative-transfer",
                "--offline");
        run(train, "--cache-size", "0"); // loads the native libraries from Graft's own cache
        System.setProperty("graft.cache", folder.resolve("cache").toString());
        List<String> head = new ArrayList<>(train);
        head.removeAll(List.of("--epochs", "1"));
        run(head, "--strategy", "head");
        run(head, "--strategy", "head"); // from what the first has kept
        run(List.of("predict", bundle.toString(), "yes"));
        run(List.of("inspect", bundle.toString()));
    }

    private static void run(List<String> command, String... more) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(more));
        var told = new ByteArrayOutputStream();
        var stream = new PrintStream(told, true, StandardCharsets.UTF_8);
        if (Main.run(stream, stream, words.toArray(String[]::new)) != 0) {
            throw new GraftException("The rehearsal's " + words + " failed: " + told.toString(StandardCharsets.UTF_8));
        }
    }
}
