package dev.graft.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tokenizer's model has a token for what it does not know, and merges that fit its prefix.
 *
 * <p>Without these the native library ends the whole process, at the first unknown character or at once, so such files
 * are refused.
 * WordPiece and WordLevel always need the token, BPE may do without, Unigram names it by its place.
 */
final class UnknownToken {
    private static final int NONE = -1;

    private final Set<String> seen = new HashSet<>();
    private String type = "";
    private @Nullable String token;
    private int id = NONE;
    private int listed;
    private boolean merges;
    private String prefix = "";
    private boolean unfitMerge;

    /** Takes note of one property of the model, at whose value the parser stands. */
    void read(String name, JsonParser parser) throws IOException {
        JsonToken value = parser.currentToken();
        switch (name) {
            case "type" -> type = value == JsonToken.VALUE_STRING ? parser.getText() : "";
            case "unk_token" -> token = value == JsonToken.VALUE_STRING ? parser.getText() : null;
            case "unk_id" -> id = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : NONE;
            case "continuing_subword_prefix" -> readPrefix(parser, value);
            case "merges" -> readMerges(parser);
            default -> {}
        }
    }

    /** A prefix that comes after the merges can no longer be held against them. */
    private void readPrefix(JsonParser parser, JsonToken value) throws IOException {
        prefix = value == JsonToken.VALUE_STRING ? parser.getText() : "";
        unfitMerge |= merges && !prefix.isEmpty();
    }

    /** Merges are {@code "a b"} or {@code ["a", "b"]}; the library cuts the prefix off the second part unseen. */
    private void readMerges(JsonParser parser) throws IOException {
        merges = true;
        if (parser.currentToken() != JsonToken.START_ARRAY || prefix.isEmpty()) {
            return;
        }
        for (JsonToken at = parser.nextToken(); at != null && at != JsonToken.END_ARRAY; at = parser.nextToken()) {
            String last = parser.getText();
            while (at == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.VALUE_STRING) {
                last = parser.getText();
            }
            unfitMerge |= !last.substring(last.indexOf(' ') + 1).startsWith(prefix);
        }
    }

    /** Takes note of a token of a vocabulary that is an object; once the unknown token is stated, only of that. */
    void add(String name) {
        if (token == null || token.equals(name)) {
            seen.add(name);
        }
    }

    /** Takes note of a token of a vocabulary that is a list. */
    void addListed() {
        listed++;
    }

    /** What is wrong with the model, if anything is. */
    Optional<String> fault(boolean hasModel) {
        if (!hasModel) {
            return Optional.of("it has no \"model\"");
        }
        if (listed > 0) {
            return id >= 0 && id < listed ? Optional.empty() : Optional.of("\"unk_id\" names no token");
        }
        if (unfitMerge) {
            return Optional.of("a merge does not have the continuing_subword_prefix '" + prefix + "'");
        }
        boolean pairs = type.equals("BPE") || type.isEmpty() && merges;
        String needed = token != null || pairs ? token : type.equals("WordLevel") ? "<unk>" : "[UNK]";
        return needed == null || seen.contains(needed)
                ? Optional.empty()
                : Optional.of("the unknown token '" + needed + "' is not in the vocabulary");
    }
}
