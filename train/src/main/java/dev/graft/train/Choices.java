package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What may be chosen under one option, by name; each with the names of its arguments. */
final class Choices<M> {
    private final String option;
    private final String argumentsOption;
    private final Map<String, Known<M>> known = new LinkedHashMap<>();

    private record Known<M>(M maker, List<String> arguments) {}

    /**
     * @param option that takes the name
     * @param argumentsOption that takes the arguments
     */
    Choices(String option, String argumentsOption) {
        this.option = option;
        this.argumentsOption = argumentsOption;
    }

    /**
     * Enters a name.
     *
     * @param maker makes what is chosen
     * @param arguments that it reads
     */
    Choices<M> with(String name, M maker, String... arguments) {
        known.put(name, new Known<>(maker, List.of(arguments)));
        return this;
    }

    /** All names, in the order in which they were entered. */
    List<String> names() {
        return List.copyOf(known.keySet());
    }

    /**
     * What makes that which is chosen.
     *
     * @throws InputException if the name or an argument is unknown
     */
    M of(Choice choice) {
        if (!known.containsKey(choice.name())) {
            throw new InputException(option + " must be one of " + String.join(", ", names()) + ", not '"
                    + choice.name() + "'" + Suggestion.text(choice.name(), names()));
        }
        Known<M> found = Objects.requireNonNull(known.get(choice.name()));
        for (String argument : choice.arguments().keySet()) {
            if (!found.arguments().contains(argument)) {
                throw new InputException(argumentsOption + ": " + choice.name() + " has no '" + argument + "'; "
                        + (found.arguments().isEmpty()
                                ? "it takes none"
                                : "it takes " + String.join(", ", found.arguments()))
                        + Suggestion.text(argument, found.arguments()));
            }
        }
        return found.maker();
    }
}
