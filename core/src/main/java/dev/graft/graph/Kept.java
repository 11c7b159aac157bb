package dev.graft.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Fields that were kept whole because their value has a form of its own, by the name of what they define. */
final class Kept {
    private final Map<String, Extras.Field> fields = new HashMap<>();

    private Kept() {}

    /** The kept fields of one number, the name being the text in one field of each. */
    static Kept of(Extras extras, int number, int nameField) {
        var kept = new Kept();
        for (Extras.Field field : extras.numbered(number)) {
            kept.fields.put(name(Wire.payload(field), nameField), field);
        }
        return kept;
    }

    private static String name(Wire wire, int nameField) {
        String name = "";
        while (wire.next()) {
            if (wire.number() == nameField) {
                name = wire.text();
            }
        }
        return name;
    }

    Optional<Extras.Field> named(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
