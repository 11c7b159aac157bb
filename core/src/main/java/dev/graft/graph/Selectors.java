package dev.graft.graph;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of selectors. */
final class Selectors {
    private Selectors() {}

    sealed interface Kind extends Selector {}

    record All() implements Kind {
        @Override
        public boolean selects(Site site) {
            return true;
        }

        @Override
        public String toString() {
            return "all";
        }
    }

    record Operator(String operator) implements Kind {
        @Override
        public boolean selects(Site site) {
            return site.operators().contains(operator);
        }

        @Override
        public String toString() {
            return "operator(" + operator + ")";
        }
    }

    record Scope(String pattern) implements Kind {
        @Override
        public boolean selects(Site site) {
            Pattern within = Pattern.compile(expression(pattern) + "(/.*)?");
            return site.scopes().stream()
                    .anyMatch(scope -> within.matcher(scope).matches());
        }

        @Override
        public String toString() {
            return "scope(" + pattern + ")";
        }
    }

    record Depth(int first, int last) implements Kind {
        @Override
        public boolean selects(Site site) {
            return first <= site.depth() && site.depth() <= last;
        }

        @Override
        public String toString() {
            return "depth(" + first + ".." + last + ")";
        }
    }

    record Name(String pattern) implements Kind {
        @Override
        public boolean selects(Site site) {
            return Pattern.matches(expression(pattern), site.name());
        }

        @Override
        public String toString() {
            return "name(" + pattern + ")";
        }
    }

    record Biases() implements Kind {
        @Override
        public boolean selects(Site site) {
            return site instanceof WeightSite weight
                    && weight.array().rank() <= 1
                    && weight.learnable()
                    && !weight.norm();
        }

        @Override
        public String toString() {
            return "biases";
        }
    }

    record NormWeights() implements Kind {
        @Override
        public boolean selects(Site site) {
            return site instanceof WeightSite weight && weight.norm() && !weight.statistic();
        }

        @Override
        public String toString() {
            return "norms";
        }
    }

    record Learnable() implements Kind {
        @Override
        public boolean selects(Site site) {
            return site instanceof WeightSite weight && weight.learnable();
        }

        @Override
        public String toString() {
            return "learnable";
        }
    }

    record Not(Selector selector) implements Kind {
        @Override
        public boolean selects(Site site) {
            return !selector.selects(site);
        }

        @Override
        public String toString() {
            return "not(" + selector + ")";
        }
    }

    record And(List<Selector> selectors) implements Kind {
        @Override
        public boolean selects(Site site) {
            return selectors.stream().allMatch(selector -> selector.selects(site));
        }

        @Override
        public String toString() {
            return "and(" + list(selectors) + ")";
        }
    }

    record Or(List<Selector> selectors) implements Kind {
        @Override
        public boolean selects(Site site) {
            return selectors.stream().anyMatch(selector -> selector.selects(site));
        }

        @Override
        public String toString() {
            return "or(" + list(selectors) + ")";
        }
    }

    private static String list(List<Selector> selectors) {
        return selectors.stream().map(Selector::toString).collect(Collectors.joining(", "));
    }

    /** A regular expression in which {@code *} stays within a part of a path and {@code **} does not. */
    private static String expression(String pattern) {
        var parts = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            if (pattern.startsWith("**", at)) {
                parts.append(".*");
                at += 2;
            } else if (pattern.charAt(at) == '*') {
                parts.append("[^/]*");
                at++;
            } else {
                parts.append(Pattern.quote(pattern.substring(at, at + 1)));
                at++;
            }
        }
        return parts.toString();
    }
}
