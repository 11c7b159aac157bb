package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Runtime;
import dev.graft.tensor.Array;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitStagesTest {
    /** How far sums of float32 in another order may lie apart after some steps. */
    private static final Offset<Float> STEPS = Offset.offset(2e-4f);

    private static final Selector HEAD = Selector.depth(3, 3);
    private static final Selector TOP = Selector.depth(2, 3);
    private static final Graph GRAPH = TinyRun.graph();
    private static final TokenRows TRAIN = TokenRows.random(90, 1);
    private static final TokenRows HELD = TokenRows.random(30, 2);
    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);

    @TempDir
    Path folder;

    /** Counts how often a prefix was made ready, which is done only where something is to be computed. */
    private static final class Counting implements Runtime {
        private final Runtime runtime = new OrtRuntime(OrtSettings.DEFAULT.withThreads(1));
        private int prepared;

        @Override
        public dev.graft.run.Session prepare(Graph graph) {
            prepared++;
            return runtime.prepare(graph);
        }
    }

    private final Counting runtime = new Counting();

    private FeatureCache cache() {
        return new FeatureCache(folder.resolve("features"), 1 << 20);
    }

    private SplitStages stages(Policy policy, FeatureCache cache, BooleanSupplier interrupted) {
        var forTraining = Fusion.standard().then(new InsertDropout(policy.dropout()));
        return new SplitStages(
                GRAPH,
                new Torch(SETTINGS, forTraining)::prepare,
                List.of(TRAIN, HELD),
                new SplitStages.Frozen("ort", runtime, new Workers(2, 64), cache, Listener.NONE, interrupted));
    }

    private static Policy policy(double dropout, Selector... phases) {
        List<Phase> all = new ArrayList<>();
        for (Selector trainable : phases) {
            all.add(new Phase("phase " + all.size(), 1, trainable, new Schedule.Constant(2e-3)));
        }
        return new Policy(all, 16, 1, 0.01, 0, dropout, 1, 0, 42);
    }

    private Training.Outcome train(Policy policy, String run, FeatureCache cache, BooleanSupplier interrupted) {
        try (SplitStages stages = stages(policy, cache, interrupted)) {
            return training(stages, policy, run, interrupted).outcome();
        }
    }

    private Training training(Stages stages, Policy policy, String run, BooleanSupplier interrupted) {
        var checkpoints = new Checkpoints(folder.resolve(run), "fingerprint", Duration.ofDays(1));
        return new Training(
                stages,
                GRAPH,
                Map.of(),
                TRAIN,
                stage -> new RowsValidation(stage.view().apply(HELD), 16),
                policy,
                checkpoints,
                Listener.NONE,
                interrupted);
    }

    @Test
    void aFrozenPrefixComputedOnceTrainsAsTheWholeNetworkDoes() {
        for (Selector trainable : List.of(HEAD, TOP)) {
            Policy policy = policy(0, trainable);
            Training.Outcome split = train(policy, "split", cache(), () -> false);
            TinyRun.End whole = new TinyRun(
                            TRAIN,
                            HELD::score,
                            policy,
                            folder.resolve("whole"),
                            Listener.NONE,
                            () -> false,
                            Precision.FP32)
                    .end();
            assertThat(split.weights()).containsOnlyKeys(whole.weights().keySet());
            split.weights()
                    .forEach((name, array) -> assertThat(array.floats())
                            .as(name)
                            .containsExactly(
                                    whole.weights().getOrDefault(name, array).floats(), STEPS));
        }
        assertThat(runtime.prepared).isEqualTo(2);
    }

    @Test
    void aSecondRunComputesNothing() {
        Policy policy = policy(0.1, TOP);
        Map<String, Array> first = train(policy, "first", cache(), () -> false).weights();
        Map<String, Array> second =
                train(policy, "second", cache(), () -> false).weights();
        assertThat(second).isEqualTo(first);
        assertThat(runtime.prepared).isEqualTo(1);
    }

    @Test
    void otherPartsOfTheSameRowsAreFoundToo() {
        try (SplitStages stages = stages(policy(0, HEAD), cache(), () -> false)) {
            stages.of(Selected.trainable(GRAPH, HEAD), Map.of());
        }
        compute("ort", List.of(HELD, TRAIN));
        assertThat(runtime.prepared).isEqualTo(1);
    }

    private void compute(String engine, List<Rows> parts) {
        var frozen = new SplitStages.Frozen(engine, runtime, new Workers(1, 64), cache(), Listener.NONE, () -> false);
        var binding = new Torch(SETTINGS, Fusion.standard());
        try (SplitStages stages = new SplitStages(GRAPH, binding::prepare, parts, frozen)) {
            stages.of(Selected.trainable(GRAPH, HEAD), Map.of());
        }
    }

    @Test
    void whatAnotherEngineComputedIsNotFound() {
        compute("libtorch bf16", List.of(TRAIN, HELD));
        compute("libtorch fp32", List.of(TRAIN, HELD));
        assertThat(runtime.prepared).isEqualTo(2);
        compute("libtorch bf16", List.of(TRAIN, HELD));
        assertThat(runtime.prepared).isEqualTo(2);
    }

    @Test
    void aBrokenFileIsComputedAgain() throws IOException {
        Policy policy = policy(0.1, TOP);
        Map<String, Array> first = train(policy, "first", cache(), () -> false).weights();
        try (Stream<Path> files = Files.walk(folder.resolve("features"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        assertThat(train(policy, "second", cache(), () -> false).weights()).isEqualTo(first);
        assertThat(runtime.prepared).isEqualTo(2);
    }

    @Test
    void withoutRoomForTokensTheWholeNetworkIsTrained() {
        FeatureCache none = cache().withBytes(0);
        try (SplitStages stages = stages(policy(0, TOP), none, () -> false)) {
            Stage stage = stages.of(Selected.trainable(GRAPH, TOP), Map.of());
            assertThat(stage.names()).isEqualTo(GRAPH.weights().keySet());
            Stage head = stages.of(Selected.trainable(GRAPH, HEAD), Map.of());
            assertThat(head.names()).as("vectors are few and stay in memory").hasSizeLessThan(4);
        }
        assertThat(folder.resolve("features")).doesNotExist();
    }

    /** After a step, at the end of a phase, at the start of the next, at the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8, 14, 15, 20})
    void phasesThatUnfreezeMoreAreTakenUpAtEveryPoint(int stop) {
        Policy policy = policy(0.1, HEAD, TOP, Selector.all());
        int[] asked = {0};
        Training.Outcome whole = train(policy, "whole", cache(), () -> false);
        try (SplitStages stages = stages(policy, cache(), () -> false)) {
            assertThatThrownBy(() -> training(stages, policy, "stopped", () -> ++asked[0] >= stop)
                            .outcome())
                    .isInstanceOf(Interrupted.class);
        }
        Training.Outcome resumed = train(policy, "stopped", cache(), () -> false);
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(resumed.history().steps()).isEqualTo(whole.history().steps());
    }

    @Test
    void anInterruptionWhileThePrefixIsComputedIsHeard() {
        assertThatThrownBy(() -> train(policy(0, TOP), "run", cache(), () -> true))
                .isInstanceOf(Interrupted.class)
                .hasMessageContaining(folder.resolve("features").toString());
    }

    @Test
    void aPrefixThatWasTunedIsComputedAnew() {
        try (SplitStages stages = stages(policy(0, HEAD), cache(), () -> false)) {
            Set<String> head = Selected.trainable(GRAPH, HEAD);
            Stage first = stages.of(head, Map.of());
            assertThat(stages.of(head, Map.of())).isSameAs(first);
            String name =
                    Selected.trainable(GRAPH, Selector.depth(1, 1)).iterator().next();
            Array before = java.util.Objects.requireNonNull(GRAPH.weights().get(name));
            Array changed = Array.of(new float[Math.toIntExact(before.elements())], before.shape());
            assertThat(stages.of(head, Map.of(name, changed))).isNotSameAs(first);
        }
        assertThat(runtime.prepared).isEqualTo(2);
    }
}
