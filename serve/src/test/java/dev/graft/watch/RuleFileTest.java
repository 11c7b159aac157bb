package dev.graft.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFileTest {
    private static final double CLOSE = 1e-12;

    @TempDir
    Path folder;

    private List<Rule> read(String content) throws IOException {
        return new RuleFile(Files.writeString(folder.resolve("rules.yaml"), content)).read();
    }

    @Test
    void whatIsNotSaidStaysAsItIs() throws IOException {
        List<Rule> rules = read("GraftLatencyP99High: {severity: warning}\n");
        assertThat(rules)
                .extracting(Rule::name)
                .containsExactlyElementsOf(
                        Rule.BUILT_IN.stream().map(Rule::name).toList());
        Rule built = Rule.BUILT_IN.get(1);
        assertThat(rules.get(0)).isEqualTo(Rule.BUILT_IN.get(0));
        assertThat(rules.get(1))
                .isEqualTo(built.with(
                        Rule.Severity.WARNING,
                        built.above(),
                        built.below(),
                        built.window(),
                        built.held(),
                        built.cleared()));
    }

    @Test
    void theBuiltInSummariesSayTheBuiltInNumbers() {
        for (Rule rule : Rule.BUILT_IN) {
            assertThat(rule.with(
                            rule.severity(), rule.above(), rule.below(), rule.window(), rule.held(), rule.cleared()))
                    .isEqualTo(rule);
        }
    }

    @Test
    void everyNumberCanBeAnother() throws IOException {
        Rule rule = read("""
                        GraftLatencyP50High:
                          above: 0.25
                          below: 0.2
                          window: 10m
                          for: 90s
                          keep_firing_for: 1h
                          severity: critical
                        GraftQueueGrowing: {above: 2.5}
                        """).get(0);
        assertThat(rule)
                .isEqualTo(new Rule(
                        "GraftLatencyP50High",
                        Rule.Severity.CRITICAL,
                        Rule.Figure.P50,
                        0.25,
                        0.2,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(90),
                        Duration.ofHours(1),
                        "Half of the requests take longer than 250 ms"));
    }

    @Test
    void anAlertEndsInProportionWhereNothingIsSaidOfItsEnd() throws IOException {
        List<Rule> rules = read("GraftLatencyP99High: {above: 2}\nGraftQueueGrowing: {above: 2.5}\n");
        assertThat(rules.get(1).below()).isCloseTo(1.6, within(CLOSE));
        assertThat(rules.get(3).below()).isCloseTo(0.5, within(CLOSE));
        assertThat(rules.get(3).summary()).endsWith("the queue grows by more than 2.5 a second");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GraftLatencyP50Hihg: {above: 1} | did you mean 'GraftLatencyP50High'",
                "GraftLatencyP50High: {abvoe: 1} | did you mean 'above'",
                "GraftLatencyP50High: {above: high} | must be a number of seconds",
                "GraftLatencyP50High: {above: .nan} | is no YAML",
                "GraftLatencyP50High: {above: -1} | must be a number of seconds",
                "GraftLatencyP50High: {above: 0} | 'above' must be more than 0",
                "GraftLatencyP50High: {above: 0.1, below: 0.2} | 'below' no more than 'above'",
                "GraftErrorShareHigh: {above: 5} | a share at most 1",
                "GraftLatencyP50High: {window: 5} | a time from 30s to 15m",
                "GraftLatencyP50High: {window: 20m} | a time from 30s to 15m",
                "GraftLatencyP50High: {window: 45s} | in steps of 10 s",
                "GraftLatencyP50High: {for: soon} | 90s or 5m for example",
                "GraftLatencyP50High: {keep_firing_for: 99999h} | a time from 0s to 24h",
                "GraftLatencyP50High: {severity: urgent} | [warning, critical]",
                "GraftLatencyP50High: 1 | says nothing of GraftLatencyP50High",
                "GraftLatencyP50High: {} | says nothing of GraftLatencyP50High",
                "[1] | names no rule",
                "{ | is no YAML"
            })
    void whatIsWrongIsNamed(String content, String part) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rules.yaml")
                .hasMessageContaining(part);
    }

    @Test
    void whatIsSaidTwiceIsRefused() {
        assertThatThrownBy(() -> read("GraftLatencyP50High: {above: 1}\nGraftLatencyP50High: {above: 2}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new RuleFile(folder.resolve("none.yaml")).read())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.yaml");
    }
}
