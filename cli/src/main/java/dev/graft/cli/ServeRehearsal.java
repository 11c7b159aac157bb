package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.SafeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves a model of two words for a moment and ends, so that a JVM that is told to archive the classes it has loaded
 * ({@code -XX:ArchiveClassesAtExit}) meets those of a server. The launcher runs it once; servers then start from the
 * archive.
 */
final class ServeRehearsal {
    private static final Pattern ADDRESS = Pattern.compile("http://\\S+");
    private static final int REQUESTS = 20;
    private static final int PATIENCE_MS = 60_000;
    private static final int GLANCE_MS = 10;

    private ServeRehearsal() {}

    /** Rehearses; ends with 0 when all was answered. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("graft-rehearsal-");
        try {
            Path bundle = RehearsalBundle.write(folder);
            var messages = new ByteArrayOutputStream();
            serve(bundle, new PrintStream(messages, true, StandardCharsets.UTF_8));
            String address = address(messages);
            for (int i = 0; i < REQUESTS; i++) {
                ask(address + "/predict", "{\"inputs\": \"yes\"}");
                ask(address + "/embed", "{\"inputs\": [\"no\", \"yes no\"]}");
            }
        } finally {
            SafeFile.delete(folder);
        }
        System.exit(0); // the command's own hook stops the server
    }

    private static void serve(Path bundle, PrintStream messages) {
        var thread = new Thread(
                () -> Main.run(messages, messages, "serve", bundle.toString(), "--port", "0"), "graft-rehearsal");
        thread.setDaemon(true);
        thread.start();
    }

    private static String address(ByteArrayOutputStream messages) throws InterruptedException {
        for (int waited = 0; waited < PATIENCE_MS; waited += GLANCE_MS) {
            Matcher address = ADDRESS.matcher(messages.toString(StandardCharsets.UTF_8));
            if (address.find()) {
                return address.group();
            }
            Thread.sleep(GLANCE_MS);
        }
        throw new GraftException("The rehearsal's server did not start: " + messages.toString(StandardCharsets.UTF_8));
    }

    private static void ask(String address, String body) throws IOException {
        var connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new GraftException("The rehearsal's server answered with status " + connection.getResponseCode());
        }
        connection.getInputStream().readAllBytes();
    }
}
