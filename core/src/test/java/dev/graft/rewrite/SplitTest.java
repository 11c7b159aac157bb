package dev.graft.rewrite;

import static dev.graft.rewrite.Trunks.operators;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphText;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {
    /** Two layers, a mask made of an input, a size read off a frozen value, and a head. */
    private static final Graph GRAPH = GraphText.parse("""
            <ir_version: 8, opset_import: ["" : 17]>
            g (int64[B,S] ids, float[B,S,1] mask) => (float[B,S,2] y)
               <float[10,4] table = {...}, float[4,4] w1 = {...}, float[4,4] w2 = {...}, float[4,2] head = {...}, float one = {1}>
            {
               e = Gather (table, ids)
               open = Sub (one, mask)
               a = MatMul (e, w1)
               h = Relu (a)
               b = MatMul (h, w2)
               k = Mul (b, open)
               size = Shape (h)
               r = Reshape (k, size)
               y = MatMul (r, head)
            }
            """);

    private static Split split(String... trainable) {
        return Split.below(GRAPH, Set.of(trainable)).orElseThrow();
    }

    private static List<String> inputs(Graph graph) {
        return graph.inputs().stream().map(ValueInfo::name).toList();
    }

    @Test
    void theCutLiesRightBelowTheLowestTrainableWeight() {
        Split split = split("head");
        assertThat(split.cut()).containsExactly("r");
        assertThat(operators(split.rest())).containsExactly("MatMul");
        assertThat(inputs(split.rest())).containsExactly("r");
        assertThat(split.rest().weights()).containsOnlyKeys("head");
        assertThat(split.prefix().weights()).containsOnlyKeys("table", "w1", "w2", "one");
        assertThat(inputs(split.prefix())).containsExactly("ids", "mask");
    }

    @Test
    void whatIsMadeOfInputsAloneIsMadeAgain() {
        Split split = split("w2", "head");
        assertThat(split.cut()).containsExactly("h");
        assertThat(inputs(split.rest())).containsExactly("mask", "h");
        assertThat(operators(split.rest())).containsExactly("Sub", "MatMul", "Mul", "Shape", "Reshape", "MatMul");
        assertThat(operators(split.prefix())).containsExactly("Gather", "MatMul", "Relu");
        assertThat(inputs(split.prefix())).containsExactly("ids");
    }

    @Test
    void aLookupAloneIsNotWorthItsStorage() {
        assertThat(Split.below(GRAPH, Set.of("w1", "head"))).isEmpty();
        assertThat(Split.below(GRAPH, Set.of("table"))).isEmpty();
    }

    @Test
    void whereNothingTrainsThereIsNothingToSplit() {
        assertThat(Split.below(GRAPH, Set.of())).isEmpty();
    }

    @Test
    void chanceStaysOutOfThePrefix() {
        Graph random = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 17]>
                g (float[B,4] x) => (float[B,2] y)
                   <float[4,4] w1 = {...}, float[4,4] w2 = {...}, float[4,2] head = {...}>
                {
                   a = MatMul (x, w1)
                   d = Dropout (a)
                   b = MatMul (d, w2)
                   y = MatMul (b, head)
                }
                """);
        Optional<Split> split = Split.below(random, Set.of("head"));
        assertThat(split.orElseThrow().cut()).containsExactly("a");
        assertThat(split.orElseThrow().rest().weights()).containsOnlyKeys("w2", "head");
    }

    @Test
    void anOutputThatStaysTheSameIsHandedThrough() {
        Graph two = GRAPH.withOutputs(List.of(
                GRAPH.outputs().get(0),
                ValueInfo.of("h", ElementType.FLOAT, new Dimension.Symbol("B"), new Dimension.Symbol("S"))));
        Split split = Split.below(two, Set.of("head")).orElseThrow();
        assertThat(split.cut()).containsExactly("r", "h");
        assertThat(inputs(split.rest())).containsExactly("r", "h");
    }

    @Test
    void theShareIsThatOfTheWeightsInProducts() {
        assertThat(split("head").share()).isEqualTo(32.0 / 40);
        assertThat(split("w2").share()).isEqualTo(16.0 / 40);
    }

    @Test
    void declaredCutsAreInputsOfTheRest() {
        ValueInfo cut = ValueInfo.of("r", ElementType.FLOAT, new Dimension.Symbol("B"), new Dimension.Fixed(4));
        assertThat(split("head").declaring(List.of(cut)).rest().inputs()).containsExactly(cut);
    }
}
