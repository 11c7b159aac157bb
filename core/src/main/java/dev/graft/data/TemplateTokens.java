package dev.graft.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the special tokens that a tokenizer puts around a text are defined.
 *
 * <p>The native library ends the whole process at the first text where one is not, so such files are refused.
 */
final class TemplateTokens {
    private final Set<String> used = new HashSet<>();
    private final Set<String> defined = new HashSet<>();

    /** Goes through a {@code post_processor}, at whose value the parser stands, however deep its templates lie. */
    void read(JsonParser parser) throws IOException {
        int depth = 0;
        for (JsonToken at = parser.currentToken(); at != null; at = parser.nextToken()) {
            if (at.isStructStart()) {
                depth++;
            } else if (at.isStructEnd()) {
                depth--;
            } else if (at == JsonToken.FIELD_NAME) {
                note(parser);
            }
            if (depth == 0) {
                return;
            }
        }
    }

    /** What is undefined, if anything is. */
    Optional<String> fault() {
        return used.stream()
                .filter(name -> !defined.contains(name))
                .findFirst()
                .map(name -> "its template uses the special token '" + name + "', which it does not define");
    }

    private void note(JsonParser parser) throws IOException {
        String name = parser.currentName();
        if (name.equals("SpecialToken") && parser.nextToken() == JsonToken.START_OBJECT) {
            used.add(readId(parser));
        } else if (name.equals("special_tokens") && parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT
                        && readId(parser).equals(key)) {
                    defined.add(key);
                }
            }
        }
    }

    /** The property {@code id} of the object that the parser stands at; goes to the object's end. */
    private static String readId(JsonParser parser) throws IOException {
        String id = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals("id");
            if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) {
                id = parser.getText();
            }
            parser.skipChildren();
        }
        return id;
    }
}
