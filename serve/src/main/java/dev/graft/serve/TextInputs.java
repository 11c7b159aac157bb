package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a request in the forms of text-embeddings-inference: one text, a list of texts, or a list of lists that
 * each hold one text. A pair of texts is refused: a bundle's model reads single texts.
 *
 * @param single whether one text was given outside any list, which is answered outside any list too
 */
record TextInputs(List<String> texts, boolean single) {
    /**
     * Reads the field {@code inputs}.
     *
     * @param most texts that one request may hold
     * @throws Problem if there is none, or too many, or one that is no text
     */
    static TextInputs of(JsonNode inputs, int most) {
        return of("inputs", inputs, most);
    }

    /** Reads the texts of a field of another name. */
    static TextInputs of(String field, JsonNode inputs, int most) {
        if (inputs.isTextual()) {
            return new TextInputs(List.of(text(field, inputs)), true);
        }
        if (!inputs.isArray()) {
            throw Problem.invalid("`" + field + "` must be a text or a list of texts, not " + Fields.kind(inputs));
        }
        if (inputs.isEmpty()) {
            throw Problem.invalid("`" + field + "` must not be empty");
        }
        if (inputs.size() > most) {
            throw new Problem(
                    Problem.Type.TOO_LARGE,
                    "batch size " + inputs.size() + " > maximum allowed batch size " + most
                            + "; ask in several requests, or raise --max-client-batch-size");
        }
        var texts = new ArrayList<String>(inputs.size());
        for (JsonNode input : inputs) {
            texts.add(text(field, alone(input)));
        }
        return new TextInputs(texts, false);
    }

    private static JsonNode alone(JsonNode input) {
        if (input.isArray() && input.size() == 1) {
            return input.get(0);
        }
        if (input.isArray() && input.size() == 2) {
            throw Problem.invalid("A pair of texts was given, but this model reads single texts");
        }
        return input;
    }

    private static String text(String field, JsonNode input) {
        if (!input.isTextual()) {
            throw Problem.invalid("Each of `" + field + "` must be a text, not " + Fields.kind(input));
        }
        String text = input.textValue();
        if (text.isEmpty()) {
            throw Problem.invalid("`" + field + "` cannot be empty");
        }
        return text;
    }
}
