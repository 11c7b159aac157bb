package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Constants by the names that the command line spells in small letters. */
final class Spelled {
    private Spelled() {}

    /**
     * The constant of a name.
     *
     * @throws InputException if there is none
     */
    static <E extends Enum<E>> E named(E[] constants, String name, String option) {
        List<String> names = Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        int found = names.indexOf(name);
        if (found < 0) {
            throw new InputException(option + " must be one of " + String.join(", ", names) + ", not '" + name + "'"
                    + Suggestion.text(name, names));
        }
        return constants[found];
    }
}
