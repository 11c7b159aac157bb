package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final double RELATIVE_ROUNDING = 1e-12;

    static List<JsonNode> recorded() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream file =
                Objects.requireNonNull(ScheduleTest.class.getResourceAsStream("/schedules/rates.json"))) {
            new ObjectMapper().readTree(file).get("cases").forEach(cases::add);
        }
        return cases;
    }

    /** Recorded by {@code tools/record_schedules.py}. */
    @ParameterizedTest
    @MethodSource("recorded")
    void ratesAreThoseOfTransformers(JsonNode recorded) {
        double peak = recorded.get("peak").asDouble();
        int steps = recorded.get("steps").asInt();
        Schedule schedule = named(
                recorded.get("schedule").asText(),
                peak,
                recorded.get("warmupSteps").asDouble() / steps);
        for (int step = 0; step <= steps; step++) {
            assertThat(schedule.at((double) step / steps))
                    .as("step %d", step)
                    .isCloseTo(recorded.get("rates").get(step).asDouble(), within(RELATIVE_ROUNDING * peak));
        }
    }

    @Test
    void aConstantRateNeverChanges() {
        assertThat(new Schedule.Constant(1e-3).at(0))
                .isEqualTo(new Schedule.Constant(1e-3).at(1))
                .isEqualTo(1e-3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1e-4, 1, Double.NaN, Double.POSITIVE_INFINITY})
    void ratesThatCannotBeMeantAreRefused(double rate) {
        assertThatThrownBy(() -> new Schedule.Linear(rate, 0.1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must lie between 0 and 1, not " + rate)
                .hasMessageContaining("is usual");
        assertThatThrownBy(() -> new Schedule.Constant(rate)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new Schedule.Cosine(rate, 0)).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, 100})
    void warmUpIsAShare(double warmup) {
        assertThatThrownBy(() -> new Schedule.Linear(1e-4, warmup))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a share of the steps, 0 to 1, not " + warmup);
    }

    private static Schedule named(String name, double peak, double warmup) {
        return switch (name) {
            case "linear" -> new Schedule.Linear(peak, warmup);
            case "cosine" -> new Schedule.Cosine(peak, warmup);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
