package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.tensor.Array;
import dev.graft.train.Choice;
import dev.graft.train.Optimizers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights follow given gradients as they do in PyTorch, transformers and lion-pytorch, in float64. */
class OptimizerTest {
    private static final double ROUNDING = 1e-12;
    private static final JsonNode RECORD = record();

    static List<JsonNode> recorded() {
        List<JsonNode> cases = new ArrayList<>();
        RECORD.get("cases").forEach(cases::add);
        return cases;
    }

    private static JsonNode record() {
        new Torch(TorchSettings.defaults(), same -> same);
        try (InputStream file =
                Objects.requireNonNull(OptimizerTest.class.getResourceAsStream("/optimizers/steps.json"))) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Recorded by {@code tools/record_optimizers.py}. */
    @ParameterizedTest
    @MethodSource("recorded")
    void stepsAreTheRecordedOnes(JsonNode recorded) {
        Map<String, Tensor> weights = weights();
        Optimizer optimizer = optimizer(recorded);
        try (OptimizerMemory memory = new OptimizerMemory()) {
            for (int step = 0; step < recorded.get("steps").size(); step++) {
                step(memory, weights, optimizer, step);
                assertWeights(weights, recorded.get("steps").get(step), step);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aMemoryThatIsLoadedGoesOnBitForBit(JsonNode recorded) {
        Map<String, Tensor> through = weights();
        Map<String, Tensor> broken = weights();
        Optimizer optimizer = optimizer(recorded);
        try (OptimizerMemory one = new OptimizerMemory();
                OptimizerMemory before = new OptimizerMemory();
                OptimizerMemory after = new OptimizerMemory()) {
            step(one, through, optimizer, 0);
            step(one, through, optimizer, 1);
            step(before, broken, optimizer, 0);
            after.load(before.state(Tensors::array), broken.keySet());
            assertThat(after.state(Tensors::array)).isEqualTo(before.state(Tensors::array));
            step(after, broken, optimizer, 1);
            assertThat(after.state(Tensors::array)).isEqualTo(one.state(Tensors::array));
            through.forEach((name, weight) -> assertThat(Tensors.array(Objects.requireNonNull(broken.get(name))))
                    .isEqualTo(Tensors.array(weight)));
        }
    }

    @Test
    void everyOptimizerIsRecordedUnderOneOfItsNames() {
        List<UpdateRule> rules = recorded().stream()
                .map(one -> Optimizers.of(Choice.of(one.get("optimizer").asText())))
                .toList();
        assertThat(Optimizers.names())
                .filteredOn(name -> !(Optimizers.of(Choice.of(name)) instanceof UpdateRule.NarrowAdamW))
                .allSatisfy(name -> assertThat(rules).contains(Optimizers.of(Choice.of(name))));
    }

    @Test
    void aMemoryOfAnotherOptimizerOrShapeIsRefused() {
        Map<String, Tensor> weights = weights();
        try (OptimizerMemory lion = new OptimizerMemory();
                OptimizerMemory other = new OptimizerMemory()) {
            Optimizer rule = new Optimizer(new UpdateRule.Lion(0.9, 0.99), 0, Set.of());
            step(lion, weights, rule, 0);
            other.load(lion.state(Tensors::array), weights.keySet());
            assertThatThrownBy(() -> step(other, weights, Optimizer.adamW(0, Set.of()), 0))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("must hold [exp_avg, exp_avg_sq, step], not [exp_avg]");
            other.load(Map.of("0#exp_avg", Array.scalar(1f)), weights.keySet());
            assertThatThrownBy(() -> step(other, weights, rule, 0))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("'0#exp_avg' must be double[3,4], not float");
        }
    }

    private static Optimizer optimizer(JsonNode recorded) {
        var arguments = new TreeMap<String, String>();
        recorded.get("arguments")
                .properties()
                .forEach(one -> arguments.put(one.getKey(), one.getValue().asText()));
        var choice = new Choice(recorded.get("optimizer").asText(), arguments);
        return new Optimizer(Optimizers.of(choice), RECORD.get("weightDecay").asDouble(), Set.of());
    }

    private static void step(OptimizerMemory memory, Map<String, Tensor> weights, Optimizer optimizer, int step) {
        JsonNode gradients = RECORD.get("gradients").get(step);
        weights.forEach((name, weight) ->
                weight.mutable_grad().put(tensor(gradients.get(Integer.parseInt(name)), weight.shape())));
        double rate = RECORD.get("rates").get(step).asDouble();
        memory.step(weights, optimizer, name -> rate);
    }

    private static Map<String, Tensor> weights() {
        var weights = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < RECORD.get("shapes").size(); i++) {
            JsonNode shape = RECORD.get("shapes").get(i);
            long[] lengths = new long[shape.size()];
            for (int axis = 0; axis < lengths.length; axis++) {
                lengths[axis] = shape.get(axis).asLong();
            }
            weights.put(String.valueOf(i), tensor(RECORD.get("start").get(i), lengths));
        }
        return weights;
    }

    private static Tensor tensor(JsonNode values, long... shape) {
        return Tensors.of(Array.of(numbers(values), shape));
    }

    private static double[] numbers(JsonNode values) {
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i).asDouble();
        }
        return numbers;
    }

    private static void assertWeights(Map<String, Tensor> weights, JsonNode wanted, int step) {
        weights.forEach((name, weight) -> assertThat(Doubles.values(Tensors.array(weight)))
                .as("weight %s after step %d", name, step)
                .containsExactly(
                        numbers(wanted.get(Integer.parseInt(name))), org.assertj.core.api.Assertions.within(ROUNDING)));
    }
}
