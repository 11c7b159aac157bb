package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command came to when it was run in this process, in a folder of its own.
 *
 * @param exitCode as the shell would see it
 * @param answer standard output
 * @param messages standard error
 * @param made what is in the folder afterwards and was not before
 */
record Ran(int exitCode, String answer, String messages, Set<Path> made) {
    /** Runs a command line; its words are parted by blanks, and {@code @} stands for the folder. */
    static Ran in(Path folder, String line) {
        return of(folder, line.isEmpty() ? new String[0] : line.split(" "));
    }

    /** Runs a command of given words, in which {@code @} stands for the folder. */
    static Ran of(Path folder, String... words) {
        String[] arguments = Arrays.stream(words)
                .map(word -> word.replace("@", folder + "/"))
                .toArray(String[]::new);
        Set<Path> before = content(folder);
        var answer = new ByteArrayOutputStream();
        var messages = new ByteArrayOutputStream();
        int exitCode = Main.run(stream(answer), stream(messages), arguments);
        Set<Path> made = content(folder);
        made.removeAll(before);
        return new Ran(
                exitCode, answer.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8), made);
    }

    /** Holds the command to have refused its input: in one message with these parts, with nothing left behind. */
    void isRefusedWith(String... parts) {
        fails(2, parts);
    }

    /** Holds the command to have ended with a code and a message, with nothing left behind. */
    void fails(int code, String... parts) {
        assertThat(messages).contains(parts).contains("graft: ").doesNotContain("\tat ", "Exception", "java.");
        assertThat(messages).doesNotContain("should not have happened");
        assertThat(exitCode).as(messages).isEqualTo(code);
        assertThat(answer).isEmpty();
        assertThat(made).isEmpty();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static Set<Path> content(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
