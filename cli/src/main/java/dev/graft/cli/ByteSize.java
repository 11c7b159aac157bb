package dev.graft.cli;

import dev.graft.InputException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory as users write them. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([KMGT]?)I?B?");
    private static final Map<String, Integer> SHIFTS = Map.of("", 0, "K", 10, "M", 20, "G", 30, "T", 40);

    private ByteSize() {}

    /**
     * Bytes; {@code 512MB}, {@code 2g} and {@code 1GiB} are powers of 1,024.
     *
     * @throws InputException if it is no such size, or zero
     */
    static long parse(String option, String text) {
        Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (matcher.matches()) {
            long bytes = Long.parseLong(matcher.group(1)) << SHIFTS.getOrDefault(matcher.group(2), 0);
            if (bytes > 0) {
                return bytes;
            }
        }
        throw new InputException(option + " is '" + text + "'; it is a number with a unit, for example 512MB or 2GB");
    }
}
