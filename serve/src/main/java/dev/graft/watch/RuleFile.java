package dev.graft.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.InputException;
import dev.graft.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other numbers for the built-in rules, in YAML: a rule's name, and below it {@code above}, {@code below} and what an
 * alerting rule of Prometheus has, {@code window}, {@code for}, {@code keep_firing_for} and {@code severity}. What is not
 * said stays as it is; without {@code below} an alert ends in proportion.
 */
public record RuleFile(Path file) {
    private static final long LARGEST = 1 << 20;
    private static final Duration SHORTEST_WINDOW = Timeline.STEP.multipliedBy(3);
    private static final Duration LONGEST_WINDOW = Timeline.STEP.multipliedBy(Timeline.SLOTS);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smh])");
    private static final List<String> FIELDS =
            List.of("above", "below", "window", "for", "keep_firing_for", "severity");
    private static final List<String> SEVERITIES = List.of("warning", "critical");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /**
     * All rules, some with the file's numbers.
     *
     * @throws InputException if the file is not there, or says something that a rule does not have
     */
    public List<Rule> read() {
        JsonNode content = content();
        List<String> names = Rule.BUILT_IN.stream().map(Rule::name).toList();
        requireKnown(content, "", names);
        return Rule.BUILT_IN.stream()
                .map(rule -> content.has(rule.name()) ? changed(rule, content.get(rule.name())) : rule)
                .toList();
    }

    private JsonNode content() {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InputException("There is no file of alert rules " + file);
            }
            if (Files.size(file) > LARGEST) {
                throw wrong("has more than " + LARGEST + " bytes, too many for a file of alert rules");
            }
            return YAML.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            int line = Optional.ofNullable(e.getLocation())
                    .map(at -> at.getLineNr())
                    .orElse(1);
            throw wrong("is no YAML, or says something twice, at or before line " + line);
        } catch (IOException e) {
            throw new InputException("The file of alert rules " + file + " cannot be read: " + e, e);
        }
    }

    private void requireKnown(JsonNode object, String of, List<String> known) {
        if (!object.isObject() || object.isEmpty()) {
            throw wrong(
                    of.isEmpty() ? "names no rule; there are " + known : "says nothing of " + of + "; it has " + known);
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw wrong("has " + (of.isEmpty() ? "the rule" : "for " + of + " the field") + " '" + name
                        + "', which is none" + Suggestion.text(name, known) + "; there are " + known);
            }
        });
    }

    private Rule changed(Rule rule, JsonNode said) {
        requireKnown(said, rule.name(), FIELDS);
        double above = number(rule, said, "above", rule.above());
        double below = number(rule, said, "below", rule.below() * (above / rule.above()));
        if (above <= 0 || below > above || rule.figure() == Rule.Figure.ERROR_SHARE && above > 1) {
            throw wrong("has for " + rule.name() + " 'above: " + above + "' and 'below: " + below
                    + "'; 'above' must be more than 0, a share at most 1, and 'below' no more than 'above'");
        }
        return rule.with(
                severity(rule, said),
                above,
                below,
                window(rule, said),
                duration(rule, said, "for", rule.held(), Duration.ZERO, LONGEST),
                duration(rule, said, "keep_firing_for", rule.cleared(), Duration.ZERO, LONGEST));
    }

    private double number(Rule rule, JsonNode said, String field, double otherwise) {
        JsonNode number = said.path(field);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isNumber() || !Double.isFinite(number.doubleValue()) || number.doubleValue() < 0) {
            throw wrong("has for " + rule.name() + " '" + field + ": " + number.asText()
                    + "', which must be a number of " + unit(rule.figure()));
        }
        return number.doubleValue();
    }

    private static String unit(Rule.Figure figure) {
        return switch (figure) {
            case P50, P99 -> "seconds, 0.25 for example";
            case ERROR_SHARE -> "a share of one, 0.05 for example";
            case QUEUE_GROWTH -> "texts a second";
        };
    }

    private Duration window(Rule rule, JsonNode said) {
        Duration window = duration(rule, said, "window", rule.window(), SHORTEST_WINDOW, LONGEST_WINDOW);
        if (window.toMillis() % Timeline.STEP.toMillis() != 0) {
            throw wrong("has for " + rule.name() + " a window of " + window.toSeconds()
                    + " s; figures are kept in steps of " + Timeline.STEP.toSeconds() + " s");
        }
        return window;
    }

    private Duration duration(
            Rule rule, JsonNode said, String field, Duration otherwise, Duration least, Duration most) {
        JsonNode text = said.path(field);
        if (text.isMissingNode()) {
            return otherwise;
        }
        Matcher parts = DURATION.matcher(text.asText());
        if (parts.matches()) {
            Duration duration = Duration.parse("PT" + parts.group(1) + parts.group(2));
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        throw wrong("has for " + rule.name() + " '" + field + ": " + text.asText() + "', which must be a time from "
                + PrometheusRules.duration(least) + " to " + PrometheusRules.duration(most)
                + ", 90s or 5m for example");
    }

    private Rule.Severity severity(Rule rule, JsonNode said) {
        JsonNode word = said.path("severity");
        if (word.isMissingNode()) {
            return rule.severity();
        }
        if (!SEVERITIES.contains(word.asText())) {
            throw wrong("has for " + rule.name() + " 'severity: " + word.asText() + "'; there are " + SEVERITIES);
        }
        return Rule.Severity.valueOf(word.asText().toUpperCase(java.util.Locale.ROOT));
    }

    private InputException wrong(String what) {
        return new InputException(file + " " + what);
    }
}
