package dev.graft.train;

import dev.graft.InputException;
import dev.graft.Suggestion;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the rows of a class count in the loss; the forms are those of scikit-learn's {@code class_weight}. */
public sealed interface ClassWeight {
    /** Labels that a message names. */
    int SHOWN = 20;

    /** All the same. */
    ClassWeight NONE = new None();

    /** The less the more rows of a class there are, so that each class counts the same. */
    ClassWeight BALANCED = new Balanced();

    /**
     * A factor for each class; empty for 1 throughout, classes behind the last factor have 1.
     *
     * @param classes of the training rows
     */
    List<Double> factors(int... classes);

    /** The text that {@link #named} reads. */
    String spelled();

    /**
     * These weights once it is known which labels there are.
     *
     * @param labels in the order of their classes
     * @throws InputException if one is named that is not among them
     */
    default ClassWeight among(List<String> labels) {
        return this;
    }

    /** All the same. */
    record None() implements ClassWeight {
        @Override
        public List<Double> factors(int... classes) {
            return List.of();
        }

        @Override
        public String spelled() {
            return "none";
        }
    }

    /** By the number of rows. */
    record Balanced() implements ClassWeight {
        @Override
        public List<Double> factors(int... classes) {
            long[] counts = new long[Arrays.stream(classes).max().orElse(0) + 1];
            Arrays.stream(classes).forEach(number -> counts[number]++);
            double present = Arrays.stream(counts).filter(count -> count > 0).count();
            return IntStream.range(0, counts.length)
                    .mapToObj(number -> counts[number] == 0 ? 1 : classes.length / (present * counts[number]))
                    .toList();
        }

        @Override
        public String spelled() {
            return "balanced";
        }
    }

    /**
     * By hand.
     *
     * @param weights of labels, each more than 0; the others have 1
     */
    record ByLabel(SortedMap<String, Double> weights) implements ClassWeight {
        public ByLabel {
            weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
            weights.forEach((label, weight) -> {
                if (!(weight > 0 && Double.isFinite(weight))) {
                    throw new InputException("--class-weight of '" + label + "' must be more than 0, not " + weight);
                }
            });
        }

        @Override
        public ClassWeight among(List<String> labels) {
            for (String label : weights.keySet()) {
                if (!labels.contains(label)) {
                    throw new InputException("--class-weight names '" + label + "', which is no label of the data"
                            + Suggestion.text(label, labels) + "; there are " + some(labels));
                }
            }
            return new ByClass(labels.stream()
                    .map(label -> weights.getOrDefault(label, 1.0))
                    .toList());
        }

        @Override
        public List<Double> factors(int... classes) {
            throw new IllegalStateException("The labels are not known yet");
        }

        @Override
        public String spelled() {
            return weights.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(","));
        }
    }

    /** As {@link ByLabel}, in the order of the classes. */
    record ByClass(List<Double> weights) implements ClassWeight {
        public ByClass {
            weights = List.copyOf(weights);
        }

        @Override
        public List<Double> factors(int... classes) {
            return weights;
        }

        @Override
        public String spelled() {
            return weights.toString();
        }
    }

    /**
     * What the command line calls so: {@code none}, {@code balanced}, or {@code label=weight} apart by commas.
     *
     * @throws InputException if it is none of these
     */
    static ClassWeight named(String text) {
        List<ClassWeight> plain = List.of(NONE, BALANCED);
        return plain.stream()
                .filter(weight -> weight.spelled().equals(text))
                .findFirst()
                .orElseGet(() -> byLabel(text));
    }

    private static ClassWeight byLabel(String text) {
        TreeMap<String, Double> weights = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            int sign = part.lastIndexOf('=');
            if (sign < 1
                    || weights.put(part.substring(0, sign).strip(), weight(text, part.substring(sign + 1))) != null) {
                throw wrong(text);
            }
        }
        return new ByLabel(weights);
    }

    private static double weight(String text, String number) {
        try {
            return Double.parseDouble(number.strip());
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static String some(List<String> labels) {
        return labels.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (labels.size() > SHOWN ? ", …" : "");
    }

    private static InputException wrong(String text) {
        return new InputException(
                "--class-weight must be none, balanced, or LABEL=WEIGHT apart by commas, each label once," + " not '"
                        + text + "'" + Suggestion.text(text, List.of("none", "balanced")));
    }
}
