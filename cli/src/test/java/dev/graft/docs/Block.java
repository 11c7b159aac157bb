package dev.graft.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fenced block of a document.
 *
 * <p>Comments on the lines right before the fence say how it is treated:
 *
 * <pre>
 * {@code <!-- not run: REASON -->}    it is not run
 * {@code <!-- exit 2 -->}             it ends with this exit code; 0 where nothing is said
 * {@code <!-- in full -->}            its training is not shortened
 * {@code <!-- from FILE -->}          its lines stand in that file
 * {@code <!-- file NAME -->}          it is written to a file of this name, for the commands after it
 * </pre>
 *
 * @param line of the fence, from 1
 * @param language as the fence says
 * @param remarks the comments before the fence
 */
record Block(Path document, int line, String language, List<String> remarks, List<String> lines) {
    private static final String FENCE = "```";

    /** All fenced blocks of a document, in order. */
    static List<Block> of(Path document) {
        List<String> all = Documents.text(document).lines().toList();
        List<Block> blocks = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String line = all.get(i).strip();
            if (line.startsWith(FENCE)) {
                int end = end(document, all, i);
                String language = line.substring(FENCE.length()).strip();
                blocks.add(new Block(document, i + 1, language, List.copyOf(remarks), all.subList(i + 1, end)));
                i = end;
                remarks.clear();
            } else if (line.startsWith("<!--") && line.endsWith("-->")) {
                remarks.add(line.substring("<!--".length(), line.length() - "-->".length())
                        .strip());
            } else {
                remarks.clear();
            }
        }
        return blocks;
    }

    private static int end(Path document, List<String> lines, int start) {
        for (int i = start + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(FENCE)) {
                return i;
            }
        }
        throw new AssertionError(Documents.name(document) + ":" + (start + 1) + " opens a block that never ends");
    }

    /** What follows a word in the remarks. */
    Optional<String> remark(String word) {
        return remarks.stream()
                .filter(remark -> remark.startsWith(word))
                .map(remark -> remark.substring(word.length()).strip())
                .findFirst();
    }

    boolean isRun() {
        return (language.equals("bash") || language.equals("console"))
                && remark("not run:").isEmpty();
    }

    int exitCode() {
        return remark("exit").map(Integer::parseInt).orElse(0);
    }

    boolean inFull() {
        return remark("in full").isPresent();
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    @Override
    public String toString() {
        return Documents.name(document) + ":" + line;
    }
}
