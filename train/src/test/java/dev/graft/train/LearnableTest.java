package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.graph.Depths;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.fusion.FusedOperators;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has no place in a graph is refused by the name of its option. */
class LearnableTest {
    private static final Graph WITHOUT_WORDS = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]> g (float[rows,2] x) => (float[rows,2] logits)
            <float[2,2] w = {1, -1, 0.5, 2}> { logits = MatMul (x, w) }
            """);

    private static Policy policy(UnaryOperator<Regularisers> change) {
        Recipe recipe = Strategy.FULL.recipe();
        Techniques techniques = recipe.techniques();
        return Strategy.FULL.policy(
                recipe.withTechniques(techniques.withRegularisers(change.apply(techniques.regularisers()))), 0, 42);
    }

    @Test
    void noiseNeedsWords() {
        Policy noisy = policy(own -> own.withNoise(5));
        assertThatThrownBy(() -> Learnable.require(noisy, WITHOUT_WORDS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--neftune-noise-alpha")
                .hasMessageContaining("'input_ids'");
        assertThatCode(() -> Learnable.require(noisy, TinyRun.graph())).doesNotThrowAnyException();
        assertThatCode(() -> Learnable.require(policy(own -> own), WITHOUT_WORDS))
                .doesNotThrowAnyException();
    }

    /** Fusion, regularisers and adapters name values after those of the graph, each after the other. */
    @ParameterizedTest
    @EnumSource
    void everyStrategyLearnsWhereTheFirstTokenIsPooled(Strategy strategy) {
        Graph headed =
                new ClassifierHead(Pooling.FIRST_TOKEN, TokenRows.CLASSES, 3).apply(Onnx.read(TinyRun.encoder()));
        Policy policy = strategy.policy(
                strategy.recipe().withDropout(0.1), Depths.of(headed).blocks(), 42);
        Graph graph = policy.adapter().map(method -> method.apply(headed)).orElse(headed);
        Graph learning = Learnable.under(policy, graph).apply(graph);
        assertThat(learning.nodes()).extracting(Node::operator).contains("Dropout", FusedOperators.DROPOUT_ADD);
    }

    @Test
    void layerDropNeedsBlocks() {
        assertThatThrownBy(() -> Learnable.require(policy(own -> own.withLayerDrop(0.2)), WITHOUT_WORDS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--layerdrop");
    }

    /** Two passes of a row differ under dropout or noise, and under nothing else. */
    @ParameterizedTest
    @EnumSource
    void twoPassesNeedWhatMakesThemDiffer(Difference difference) {
        Recipe still = Strategy.FULL.recipe().withDropout(difference == Difference.DROPOUT ? 0.1 : 0);
        Techniques twice = still.techniques().withLoss(Choice.of("r_drop"), ClassWeight.NONE, Sampler.NATURAL);
        Recipe recipe = still.withTechniques(
                twice.withRegularisers(twice.regularisers().withNoise(difference == Difference.NOISE ? 5 : 0)));
        if (difference == Difference.NONE) {
            assertThatThrownBy(() -> Strategy.FULL.policy(recipe, 2, 42)).hasMessageContaining("--loss r_drop");
        } else {
            assertThatCode(() -> Strategy.FULL.policy(recipe, 2, 42)).doesNotThrowAnyException();
        }
    }

    /** Between two passes. */
    enum Difference {
        DROPOUT,
        NOISE,
        NONE
    }
}
