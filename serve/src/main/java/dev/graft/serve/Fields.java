package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.Suggestion;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a request's JSON object, of which none may be unknown. */
record Fields(JsonNode object) {
    /** @throws Problem if the object holds another field than those that are known */
    Fields {
        if (!object.isObject()) {
            throw Problem.invalid("Expected is a JSON object, not " + kind(object));
        }
    }

    /** These fields, once none is unknown. */
    Fields knowing(Set<String> known) {
        Iterator<String> names = object.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!known.contains(name)) {
                throw Problem.invalid("There is no field '" + Names.shown(name) + "'"
                        + Suggestion.text(name, List.copyOf(known)) + "; known are " + new TreeSet<>(known));
            }
        }
        return this;
    }

    /** A truth value; the default where the field is missing or null. */
    boolean flag(String name, boolean otherwise) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw Problem.invalid("'" + name + "' must be true or false, not " + kind(value));
        }
        return value.booleanValue();
    }

    /** A text; the default where the field is missing or null. */
    String text(String name, String otherwise) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw Problem.invalid("'" + name + "' must be a text, not " + kind(value));
        }
        return value.textValue();
    }

    /** A field that must be there. */
    JsonNode required(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw Problem.invalid("'" + name + "' is missing");
        }
        return value;
    }

    /** What kind of value it is, in the words of JSON. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "null";
        };
    }
}
