package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An adapter and the head learn, and nothing else does or costs memory as if it did. */
class AdapterTrainingTest {
    private static final int BLOCKS = 2;
    private static final int STEPS = 8;

    @TempDir
    Path folder;

    private static Policy policy(Strategy strategy) {
        Recipe recipe = strategy.recipe().withEpochs(2).withLearningRate(1e-2);
        return strategy.policy(recipe, BLOCKS, 42);
    }

    @ParameterizedTest
    @EnumSource(names = {"LORA", "DORA", "IA3", "BOTTLENECK"})
    void onlyTheAdapterAndTheHeadAreTrained(Strategy strategy) {
        Policy policy = policy(strategy);
        Graph grown = policy.adapter().orElseThrow().apply(TinyRun.graph());
        Map<String, Array> tuned = TinyRun.of(policy, folder).end().weights();
        assertThat(tuned.keySet()).isEqualTo(trained(grown));
        assertThat(tuned)
                .allSatisfy((name, array) ->
                        assertThat(array).isNotEqualTo(grown.weights().get(name)));
    }

    @ParameterizedTest
    @EnumSource(names = {"LORA", "DORA", "IA3", "BOTTLENECK"})
    void theOptimizerRemembersNothingOfTheOtherWeights(Strategy strategy) {
        Policy policy = policy(strategy);
        Graph grown = policy.adapter().orElseThrow().apply(TinyRun.graph());
        assertThatThrownBy(() -> TinyRun.of(policy, folder).stoppedAt(STEPS).end())
                .isInstanceOf(Interrupted.class);
        var kept = new Checkpoints(folder, "fingerprint", Duration.ZERO).last().orElseThrow();
        assertThat(kept.weights().keySet()).isEqualTo(trained(grown));
        long trained =
                trained(grown).stream().mapToLong(name -> elements(grown, name)).sum();
        long remembered =
                kept.optimizer().values().stream().mapToLong(Array::elements).sum();
        assertThat(remembered)
                .isBetween(2 * trained, 2 * trained + trained(grown).size());
    }

    @ParameterizedTest
    @EnumSource(names = {"LORA", "DORA", "IA3", "BOTTLENECK"})
    void anInterruptedRunEndsAsTheUninterruptedOne(Strategy strategy) {
        Policy policy = policy(strategy);
        TinyRun stopped = TinyRun.of(policy, folder.resolve("stopped"));
        assertThatThrownBy(() -> stopped.stoppedAt(STEPS).end()).isInstanceOf(Interrupted.class);
        assertThat(stopped.end().weights())
                .isEqualTo(TinyRun.of(policy, folder.resolve("whole")).end().weights());
    }

    private static Set<String> trained(Graph grown) {
        return grown.weights().keySet().stream()
                .filter(name ->
                        AdapterMethod.adds(name) || name.equals("classifier.weight") || name.equals("classifier.bias"))
                .collect(Collectors.toSet());
    }

    private static long elements(Graph graph, String name) {
        return java.util.Objects.requireNonNull(graph.weights().get(name)).elements();
    }
}
