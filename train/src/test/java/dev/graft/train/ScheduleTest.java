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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void ratesAreThoseOfTransformersAndPyTorch(JsonNode recorded) {
        double peak = recorded.get("peak").asDouble();
        Schedule schedule = Schedules.of(
                choice(recorded),
                peak,
                new Warmup(0, recorded.path("warmupSteps").asInt()));
        int rates = recorded.get("rates").size();
        for (int i = 0; i < rates; i++) {
            assertThat(schedule.at(recorded.has("losses") ? afterEpochs(recorded, i) : step(i, rates - 1)))
                    .as("rate %d", i)
                    .isCloseTo(recorded.get("rates").get(i).asDouble(), within(RELATIVE_ROUNDING * peak));
        }
    }

    private static Choice choice(JsonNode recorded) {
        var arguments = new TreeMap<String, String>();
        recorded.get("arguments")
                .properties()
                .forEach(one -> arguments.put(one.getKey(), one.getValue().asText()));
        return new Choice(recorded.get("schedule").asText(), arguments);
    }

    private static Schedule.Moment step(int step, int steps) {
        return new Schedule.Moment((double) step / steps, steps, List.of());
    }

    private static Schedule.Moment afterEpochs(JsonNode recorded, int epochs) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < epochs; i++) {
            losses.add(recorded.get("losses").get(i).asDouble());
        }
        return new Schedule.Moment((double) epochs / recorded.get("losses").size(), 100, losses);
    }

    @Test
    void everyScheduleIsRecordedButThoseThatNeitherHas() throws IOException {
        List<String> names = new ArrayList<>(List.of("constant", "slanted_triangular"));
        recorded().forEach(one -> names.add(one.get("schedule").asText()));
        assertThat(Schedules.names()).allSatisfy(name -> assertThat(names).contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRateStaysBetweenNothingAndItsPeakAndNeverJumpsWhileItRises(String name) {
        Schedule schedule = Schedules.of(Choice.of(name), 1e-2, new Warmup(0.2, 0));
        double before = schedule.at(step(0, 100));
        for (int i = 0; i <= 100; i++) {
            double rate = schedule.at(step(i, 100));
            assertThat(rate).isBetween(0.0, 1e-2);
            assertThat(Math.abs(rate - before)).isLessThan(2e-3);
            before = rate;
        }
    }

    static List<String> names() {
        return Schedules.names();
    }

    @Test
    void aRiseBySteps() {
        assertThat(new Schedule.Linear(1e-2, new Warmup(0.5, 4)).at(step(2, 40)))
                .isEqualTo(5e-3);
        assertThat(new Schedule.Linear(1e-2, Warmup.ratio(0.5)).at(step(2, 40))).isEqualTo(1e-3);
        assertThatThrownBy(() -> new Warmup(0, -1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--warmup-steps must be 0");
    }

    @Test
    void aConstantRateNeverChanges() {
        assertThat(new Schedule.Constant(1e-3).at(step(0, 10)))
                .isEqualTo(new Schedule.Constant(1e-3).at(step(10, 10)))
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
        assertThatThrownBy(() -> new Schedule.Cosine(rate, Warmup.NONE, 1)).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, 100})
    void warmUpIsAShare(double warmup) {
        assertThatThrownBy(() -> new Schedule.Linear(1e-4, warmup))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a share of the steps, 0 to 1, not " + warmup);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            cosin                | ""                  | --lr-scheduler-type must be one of linear, cosine,
            cosin                | ""                  | did you mean 'cosine'?
            cosine               | num_cycles=2        | --lr-scheduler-kwargs: cosine has no 'num_cycles'; it takes none
            polynomial           | lr_ende=0           | it takes lr_end, power; did you mean 'lr_end'?
            polynomial           | lr_end=1            | 'lr_end' of polynomial must be below --learning-rate 1.0E-4, not 1.0
            polynomial           | power=0             | 'power' of polynomial must be more than 0, not 0.0
            polynomial           | power=a             | 'power' of polynomial must be a number, not 'a'
            cosine_with_restarts | num_cycles=0        | must be 1 or more, not 0
            cosine_with_restarts | num_cycles=1.5      | must be a whole number, not '1.5'
            inverse_sqrt         | timescale=-1        | must be 1 step or more, not -1
            one_cycle            | div_factor=0        | must be more than 0, not 0.0 and 10000.0
            reduce_lr_on_plateau | factor=1            | needs a 'factor' above 0 and below 1
            polynomial           | power               | must be NAME=VALUE, apart by commas, each name once, not 'power'
            polynomial           | power=1,power=2     | each name once, not 'power=1,power=2'
            """)
    void whatNoScheduleIsIsRefused(String name, String arguments, String message) {
        assertThatThrownBy(
                        () -> Schedules.of(Choice.parse(name, arguments, "--lr-scheduler-kwargs"), 1e-4, Warmup.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRateThatWouldEndBelowNothingIsRefused() {
        Schedule schedule = Schedules.of(Choice.parse("polynomial", "lr_end=-1e-5", "-"), 1e-4, Warmup.NONE);
        assertThatThrownBy(() -> new Phase("full", 1, dev.graft.graph.Selector.all(), schedule))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The learning rate of phase 'full' would be -");
    }

    @Test
    void aRiseLongerThanItsPhaseIsRefused() {
        Recipe recipe = Recipe.DEFAULT.withEpochs(2).withSchedule(new Warmup(0.1, 14), Choice.of("linear"));
        Policy policy = Strategy.FULL.policy(recipe, 6, 1);
        policy.requireRoom(128);
        assertThatThrownBy(() -> policy.requireRoom(112))
                .isInstanceOf(InputException.class)
                .hasMessage("--warmup-steps 14 is longer than phase 'full', which has 14 steps (112 rows, 16 a step,"
                        + " 2 epochs); give fewer, or a --warmup-ratio");
    }
}
