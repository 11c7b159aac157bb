package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PrometheusRulesTest {
    private static final Pattern ABOVE = Pattern.compile(" > ([\\d.]+)");
    private static final Pattern BELOW = Pattern.compile(" >= (0[\\d.]*)");
    private static final Pattern WINDOW = Pattern.compile("\\[(\\d+m)]");
    private static final Pattern FEWEST = Pattern.compile(" >= (\\d\\d+)");

    private static List<JsonNode> rules() throws IOException {
        var rules = new ArrayList<JsonNode>();
        new YAMLMapper()
                .readTree(PrometheusRules.text(Rule.BUILT_IN))
                .at("/groups/0/rules")
                .forEach(rules::add);
        return rules;
    }

    private static List<String> all(Pattern pattern, String text) {
        var found = new ArrayList<String>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    /** The file that is shipped for who does not ask a server for it. */
    @Test
    void theShippedFileIsThatOfTheBuiltInRules() throws IOException {
        assertThat(Path.of("../deploy/graft-alerts.yaml")).hasContent(PrometheusRules.text(Rule.BUILT_IN));
    }

    @Test
    void otherNumbersGoIntoTheFile() throws IOException {
        Rule rule = Rule.BUILT_IN
                .get(0)
                .with(Rule.Severity.CRITICAL, 0.25, 0.0001, Duration.ofSeconds(90), Duration.ofHours(2), Duration.ZERO);
        JsonNode written =
                new YAMLMapper().readTree(PrometheusRules.text(List.of(rule))).at("/groups/0/rules/0");
        String expression = written.get("expr").asText();
        assertThat(all(ABOVE, expression)).containsExactly("0.25");
        assertThat(expression).contains(">= 0.0001\n").contains("[90s]").doesNotContain("[5m]");
        assertThat(written.get("for").asText()).isEqualTo("2h");
        assertThat(written.get("keep_firing_for").asText()).isEqualTo("0s");
        assertThat(written.at("/labels/severity").asText()).isEqualTo("critical");
        assertThat(written.at("/annotations/summary").asText())
                .isEqualTo("Half of the requests take longer than 250 ms");
    }

    @Test
    void theFileHasTheBuiltInRulesAndNoOther() throws IOException {
        assertThat(rules())
                .extracting(rule -> rule.get("alert").asText())
                .containsExactlyElementsOf(
                        Rule.BUILT_IN.stream().map(Rule::name).toList());
    }

    @Test
    void theFileHasTheBuiltInNumbersAndWords() throws IOException {
        List<JsonNode> file = rules();
        for (int i = 0; i < file.size(); i++) {
            JsonNode written = file.get(i);
            Rule rule = Rule.BUILT_IN.get(i);
            String expression = written.get("expr").asText();
            assertThat(all(ABOVE, expression)).as(rule.name()).containsExactly(number(rule.above()));
            assertThat(all(BELOW, expression)).as(rule.name()).containsExactly(number(rule.below()));
            assertThat(all(WINDOW, expression))
                    .as(rule.name())
                    .isNotEmpty()
                    .allSatisfy(window -> assertThat(duration(window)).isEqualTo(rule.window()));
            assertThat(duration(written.get("for").asText())).isEqualTo(rule.held());
            assertThat(duration(written.get("keep_firing_for").asText())).isEqualTo(rule.cleared());
            assertThat(written.at("/labels/severity").asText()).isEqualTo(AlertText.word(rule.severity()));
            assertThat(written.at("/annotations/summary").asText()).isEqualTo(rule.summary());
            assertThat(all(FEWEST, expression))
                    .as(rule.name())
                    .isEqualTo(
                            rule.figure() == Rule.Figure.QUEUE_GROWTH
                                    ? List.of()
                                    : List.of(Integer.toString(Rule.FEWEST_REQUESTS)));
            assertThat(expression.contains("by (model"))
                    .as(rule.name())
                    .isEqualTo(rule.figure().ofModel());
            assertThat(expression).contains("alertname=\"" + rule.name() + "\"");
        }
    }

    @Test
    void theFileLooksAtTheQuantilesThatTheRulesName() throws IOException {
        assertThat(all(
                        Pattern.compile("quantile\\(([\\d.]+)"),
                        rules().get(0).get("expr").asText()))
                .containsExactly("0.5", "0.5");
        assertThat(all(
                        Pattern.compile("quantile\\(([\\d.]+)"),
                        rules().get(1).get("expr").asText()))
                .containsExactly("0.99", "0.99");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
