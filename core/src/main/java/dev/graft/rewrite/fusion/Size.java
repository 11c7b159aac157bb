package dev.graft.rewrite.fusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A size as far as it is known before a run: a number times named sizes, {@code 4·batch} for example.
 *
 * <p>Equal sizes are equal in every run; sizes that differ may still turn out the same.
 *
 * @param factor the number; negative only where a graph counts from the end
 * @param symbols names of sizes, sorted
 */
record Size(long factor, List<String> symbols) {
    static final Size ONE = of(1);

    Size {
        symbols = factor == 0 ? List.of() : symbols.stream().sorted().toList();
    }

    static Size of(long number) {
        return new Size(number, List.of());
    }

    static Size symbol(String name) {
        return new Size(1, List.of(name));
    }

    boolean isFixed() {
        return symbols.isEmpty();
    }

    boolean is(long number) {
        return isFixed() && factor == number;
    }

    Size times(Size other) {
        List<String> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        return new Size(factor * other.factor, all);
    }

    /** This size divided by another; empty where that leaves a remainder or is not known to leave none. */
    Optional<Size> over(Size other) {
        if (other.factor == 0 || factor % other.factor != 0) {
            return Optional.empty();
        }
        List<String> rest = new ArrayList<>(symbols);
        for (String symbol : other.symbols) {
            if (!rest.remove(symbol)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Size(factor / other.factor, rest));
    }

    static Size product(List<Size> sizes) {
        return sizes.stream().reduce(ONE, Size::times);
    }

    static List<Size> listOf(long... numbers) {
        List<Size> sizes = new ArrayList<>();
        for (long number : numbers) {
            sizes.add(of(number));
        }
        return Collections.unmodifiableList(sizes);
    }
}
