package dev.graft.train;

import dev.graft.InputException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Something that is asked for by a name and numbers of its own, such as a schedule.
 *
 * @param name as the command line spells it
 * @param arguments in the order of their names; what is not among them has its usual value
 */
public record Choice(String name, SortedMap<String, String> arguments) {
    public Choice {
        arguments = Collections.unmodifiableSortedMap(new TreeMap<>(arguments));
    }

    /** A choice with its usual numbers. */
    public static Choice of(String name) {
        return new Choice(name, new TreeMap<>());
    }

    /**
     * A choice as options spell it.
     *
     * @param arguments {@code name=value}, apart by commas, as Hugging Face's {@code --optim_args}; may be empty
     * @param option that the arguments were given to
     * @throws InputException if the arguments are no such list
     */
    public static Choice parse(String name, String arguments, String option) {
        TreeMap<String, String> values = new TreeMap<>();
        for (String one : arguments.isBlank() ? new String[0] : arguments.split(",", -1)) {
            String[] parts = one.split("=", -1);
            if (parts.length != 2
                    || parts[0].isBlank()
                    || parts[1].isBlank()
                    || values.put(parts[0].strip(), parts[1].strip()) != null) {
                throw new InputException(option + " must be NAME=VALUE, apart by commas, each name once, not '"
                        + arguments + "'; see docs/guide/recipes.md for the names");
            }
        }
        return new Choice(name, values);
    }

    /** The arguments as {@link #parse} reads them. */
    public String spelledArguments() {
        return arguments.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** An argument that is a number, or what is usual. */
    double number(String argument, double usual) {
        String given = arguments.get(argument);
        try {
            return given == null ? usual : Double.parseDouble(given);
        } catch (NumberFormatException e) {
            throw new InputException(wrong(argument, "a number"), e);
        }
    }

    /** An argument that is a whole number, or what is usual. */
    int whole(String argument, int usual) {
        String given = arguments.get(argument);
        try {
            return given == null ? usual : Integer.parseInt(given);
        } catch (NumberFormatException e) {
            throw new InputException(wrong(argument, "a whole number"), e);
        }
    }

    /** An argument that is true or false, or what is usual. */
    boolean flag(String argument, boolean usual) {
        String given = arguments.getOrDefault(argument, String.valueOf(usual));
        if (!given.equalsIgnoreCase("true") && !given.equalsIgnoreCase("false")) {
            throw new InputException(wrong(argument, "true or false"));
        }
        return Boolean.parseBoolean(given);
    }

    /** Refuses an argument whose value cannot be. */
    void require(boolean holds, String argument, String expected) {
        if (!holds) {
            throw new InputException(wrong(argument, expected));
        }
    }

    private String wrong(String argument, String expected) {
        return "'" + argument + "' of " + name + " must be " + expected + ", not '" + arguments.get(argument) + "'";
    }
}
