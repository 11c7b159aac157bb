package dev.graft.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A command with the output that a document shows for it.
 *
 * <p>A shown line must be among the lines that the command prints, in either stream; numbers and widths of blanks are
 * left out of the comparison, and a line {@code …} stands for any.
 */
record ShownOutput(String command, List<String> output) {
    private static final String PROMPT = "$ ";

    /** The commands of a console block: lines that begin with a prompt, each with what follows. */
    static List<ShownOutput> of(Block block) {
        List<ShownOutput> all = new ArrayList<>();
        for (String line : block.lines()) {
            if (line.startsWith(PROMPT)) {
                all.add(new ShownOutput(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (all.isEmpty()) {
                throw new AssertionError(block + " must begin with a command behind '" + PROMPT + "'");
            } else {
                all.get(all.size() - 1).output().add(line);
            }
        }
        return all;
    }

    /** The shown lines that are not among the printed ones. */
    List<String> missingFrom(String printed) {
        Set<String> known = printed.lines().map(ShownOutput::plain).collect(Collectors.toSet());
        return output.stream()
                .filter(line -> !line.strip().equals("…"))
                .filter(line -> !known.contains(plain(line)))
                .toList();
    }

    private static String plain(String line) {
        return line.replaceAll("[+-]?\\d+([.:,]\\d+)*", "#")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
