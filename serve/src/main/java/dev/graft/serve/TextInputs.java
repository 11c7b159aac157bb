package dev.graft.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The texts of a request in the forms of text-embeddings-inference: one text, a list of texts, or a list of lists that
 * each hold one text or a pair.
 *
 * @param single whether one text was given outside any list, which is answered outside any list too
 */
record TextInputs(List<TextRow> rows, boolean single) {
    /**
     * Reads the field {@code inputs}, in which there are no pairs.
     *
     * @param most texts that one request may hold
     * @throws Problem if there is none, or too many, or one that is no text
     */
    static TextInputs of(JsonNode inputs, int most) {
        return of("inputs", inputs, most);
    }

    /** Reads the texts of a field of another name. */
    static TextInputs of(String field, JsonNode inputs, int most) {
        TextInputs read = withPairs(field, inputs, most);
        if (read.rows().stream().anyMatch(TextRow::isPair)) {
            throw Problem.invalid("A pair of texts was given, but only /predict and /v2 read texts together; give each"
                    + " text alone");
        }
        return read;
    }

    /** Reads the texts and pairs of a field. */
    static TextInputs withPairs(String field, JsonNode inputs, int most) {
        if (inputs.isTextual()) {
            return new TextInputs(List.of(TextRow.of(text(field, inputs))), true);
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
        var rows = new ArrayList<TextRow>(inputs.size());
        for (JsonNode input : inputs) {
            rows.add(row(field, input));
        }
        return new TextInputs(rows, false);
    }

    private static TextRow row(String field, JsonNode input) {
        if (input.isArray() && input.size() == 1) {
            return TextRow.of(text(field, input.get(0)));
        }
        if (input.isArray() && input.size() == 2) {
            return new TextRow(text(field, input.get(0)), Optional.of(text(field, input.get(1))));
        }
        return TextRow.of(text(field, input));
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

    /** All texts, those of a pair one after the other. */
    List<String> texts() {
        return TextRow.texts(rows);
    }
}
