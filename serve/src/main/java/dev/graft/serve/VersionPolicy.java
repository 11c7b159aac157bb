package dev.graft.serve;

import dev.graft.InputException;
import java.util.Arrays;
import java.util.List;

/** Which of a model's numbered versions are in service, as Triton's version policy says it. */
public sealed interface VersionPolicy {
    /** The newest version alone, as Triton does where nothing is said. */
    VersionPolicy DEFAULT = new Latest(1);

    /** The versions with the highest numbers. */
    record Latest(int count) implements VersionPolicy {
        public Latest {
            if (count < 1) {
                throw new InputException("latest:" + count + " keeps no version in service; latest:1 keeps the newest");
            }
        }
    }

    /** All of them. */
    record All() implements VersionPolicy {}

    /** Those that are named; each must be there. */
    record Specific(List<Long> numbers) implements VersionPolicy {
        public Specific {
            numbers = numbers.stream().sorted().distinct().toList();
        }
    }

    /**
     * The policy that a user wrote: {@code latest:N}, {@code all}, or {@code specific:1,3}.
     *
     * @throws InputException if it is none of them
     */
    static VersionPolicy parse(String text) {
        try {
            if (text.equals("all")) {
                return new All();
            }
            if (text.startsWith("latest:")) {
                return new Latest(Integer.parseInt(text.substring("latest:".length())));
            }
            if (text.startsWith("specific:")) {
                String[] numbers = text.substring("specific:".length()).split(",", -1);
                return new Specific(Arrays.stream(numbers)
                        .map(String::strip)
                        .map(Long::valueOf)
                        .toList());
            }
        } catch (NumberFormatException e) {
            // told below, as is a word that is unknown
        }
        throw new InputException("--version-policy is '" + text
                + "'; it is latest:N, all, or specific: and numbers with commas between");
    }

    /**
     * The versions that are chosen, in rising order.
     *
     * @param model names it in errors
     * @param present rising
     * @throws InputException if one is named that is not there
     */
    default List<Long> chosen(String model, List<Long> present) {
        if (this instanceof Latest latest) {
            return present.subList(Math.max(0, present.size() - latest.count()), present.size());
        }
        if (this instanceof Specific specific) {
            List<Long> missing = specific.numbers().stream()
                    .filter(number -> !present.contains(number))
                    .toList();
            if (!missing.isEmpty()) {
                throw new InputException(
                        "The model '" + model + "' has no version " + missing + "; there are " + present);
            }
            return specific.numbers();
        }
        return present;
    }
}
