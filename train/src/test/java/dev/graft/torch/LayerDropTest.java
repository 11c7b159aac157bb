package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.LayerDrop;
import dev.graft.rewrite.Rewrite;
import dev.graft.rewrite.Split;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerDropTest {
    private static final double NEARLY_ALWAYS = 0.999999;
    private static final TorchSettings SETTINGS = TorchSettings.defaults().withThreads(1);

    static List<Family> families() {
        return Family.all();
    }

    private static Rewrite dropping(Graph graph, double rate) {
        return Fusion.standard().then(LayerDrop.in(graph, rate));
    }

    @ParameterizedTest
    @MethodSource("families")
    void theBlocksOfEveryFamilyAreFound(Family family) {
        LayerDrop drop = LayerDrop.in(family.graph(), 0.2);
        assertThat(drop.blocks()).hasSize(Depths.of(family.graph()).blocks());
        for (int i = 1; i < drop.blocks().size(); i++) {
            assertThat(drop.blocks().get(i).below())
                    .isEqualTo(drop.blocks().get(i - 1).above());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void outsideTrainingNothingIsLeftOut(Family family) {
        try (Session plain = new Torch(SETTINGS, Fusion.standard()).prepare(family.graph());
                Session dropping = new Torch(SETTINGS, dropping(family.graph(), 0.5)).prepare(family.graph())) {
            assertThat(dropping.run(family.inputs())).isEqualTo(plain.run(family.inputs()));
        }
    }

    /** Of a block that is left out no weight is reached. */
    @Test
    void blocksThatAreLeftOutLearnNothing() {
        Family family = families().stream()
                .filter(each -> each.toString().contains("bert-old-eager-opset17"))
                .findFirst()
                .orElseThrow();
        Depths depths = Depths.of(family.graph());
        Set<String> all = moved(family, 0);
        Set<String> left = moved(family, NEARLY_ALWAYS);
        assertThat(all).anyMatch(name -> depths.depth(name) == 1).anyMatch(name -> depths.depth(name) == 2);
        assertThat(left).isNotEmpty().allMatch(name -> depths.depth(name) == 0);
    }

    /** The weights that a step changes. */
    private static Set<String> moved(Family family, double rate) {
        Map<String, Array> before = family.graph().weights();
        String output = family.graph().outputs().get(0).name();
        try (Network network = new Torch(SETTINGS, dropping(family.graph(), rate)).prepare(family.graph())) {
            Array said = Objects.requireNonNull(network.run(family.inputs()).get(output));
            Array zeros = Array.of(new float[Math.toIntExact(said.elements())], said.shape());
            network.trainable(family.gradients().keySet());
            network.learn(family.inputs(), zeros, new Loss.MeanSquaredError(output), 1, 3);
            network.step(new Optimizer(new UpdateRule.Sgd(0, false), 0, Set.of()), name -> 0.1);
            return network.weights().entrySet().stream()
                    .filter(weight -> !Objects.equals(weight.getValue(), before.get(weight.getKey())))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }
    }

    /** Blocks that share their weights are trained and frozen together. */
    static List<Family> familiesOfOwnWeights() {
        return families().stream()
                .filter(family -> !family.toString().contains("albert"))
                .toList();
    }

    /** Where lower blocks are computed once, the others may still be left out. */
    @ParameterizedTest
    @MethodSource("familiesOfOwnWeights")
    void aboveAFrozenPrefixTheOtherBlocksMayBeLeftOut(Family family) {
        Depths depths = Depths.of(family.graph());
        Set<String> upper = family.graph().weights().keySet().stream()
                .filter(name -> depths.depth(name) > 1)
                .collect(Collectors.toSet());
        Split.below(family.graph(), upper).ifPresent(split -> {
            Graph dropping = LayerDrop.in(family.graph(), 0.2).apply(split.rest());
            assertThat(dropping.nodes().stream().filter(node -> node.is("Dropout")))
                    .hasSize(1);
        });
    }

    @Test
    void aGraphWithoutBlocksStaysAsItIs() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]> g (float[2] x) => (float[2] y) { y = Relu (x) }
                """);
        LayerDrop drop = LayerDrop.in(graph, 0.5);
        assertThat(drop.blocks()).isEmpty();
        assertThat(drop.apply(graph)).isEqualTo(graph);
        assertThatThrownBy(() -> new LayerDrop(1, List.of())).isInstanceOf(InputException.class);
    }

    @Test
    void theBlockIsChosenByChance() {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]> g (float[1] x) => (float[1] y)
                <float[1] w = {3}> { low = Mul (x, w)  y = Mul (low, w) }
                """);
        var drop = new LayerDrop(0.25, List.of(new LayerDrop.Block("low", "y")));
        try (Network network = new Torch(SETTINGS, drop).prepare(graph)) {
            network.trainable(Set.of("w"));
            Map<String, Array> input = Map.of("x", Array.of(new float[] {1}, 1));
            int left = 0;
            int runs = 2_000;
            for (int seed = 0; seed < runs; seed++) {
                double value = network.learn(
                                input, Array.of(new float[] {0}, 1), new Loss.MeanSquaredError("y"), 1, seed * 7919L)
                        .value();
                assertThat(value).isIn(9.0, 81.0);
                left += value == 9 ? 1 : 0;
            }
            assertThat(left / (double) runs).isBetween(0.21, 0.29);
        }
    }
}
