package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.rewrite.MixedPrecision;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear layers that are laid out for the processor, beside the same layers as they stand in the graph. */
class PackedLinearTest {
    /** One rounding to eight bits of numbers below eight, more or less. */
    private static final Offset<Float> ROUNDED = Offset.offset(0.04f);

    private static final Map<String, Array> WEIGHTS =
            Map.of("w", numbers(32, 48), "wt", numbers(48, 32), "b", numbers(48), "one", numbers(1));

    @BeforeEach
    void onlyWhereThereAreSuchLayers() {
        torch(); // loads the library
        assumeTrue(PackedLinear.available(), "libtorch has no packed layers on this processor");
    }

    private static Array numbers(int... shape) {
        int count = 1;
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            sizes[i] = shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * 7 % 13 - 6) / 16f;
        }
        return Array.of(values, sizes);
    }

    private static Graph graph(String nodes) {
        Graph graph = GraphText.parse("""
                <ir_version: 8, opset_import: ["" : 15, "%s" : %d]>
                g (float[n,l,32] x, float w, float wt, float b, float one) => (float y) {
                  %s
                  z = Relu (h)
                  y = Neg (z)
                }
                """.formatted(
                        FusedOperators.DOMAIN,
                        FusedOperators.VERSION,
                        nodes.replace("Linear", FusedOperators.DOMAIN + ".Linear")
                                .replace("Gelu", FusedOperators.DOMAIN + ".Gelu")));
        return graph.with(
                block -> block.withInputs(block.inputs().subList(0, 1)).withWeights(WEIGHTS));
    }

    private static Torch torch() {
        return new Torch(TorchSettings.defaults().withThreads(1).withPrecision(Precision.BF16), same -> same);
    }

    private static FrozenProgram frozen(Graph graph) {
        Graph narrow = new MixedPrecision().apply(graph);
        return FrozenProgram.of(Program.of(narrow.main(), Binding.of(narrow, Operators.standard())), narrow, true);
    }

    private static List<String> steps(Graph graph) {
        return frozen(graph).program().steps().stream()
                .map(step -> step.node().operator())
                .filter(name -> List.of("Linear", "Gelu").contains(name))
                .toList();
    }

    private static int packed(Graph graph) {
        return frozen(graph).packed().size();
    }

    private static void assertSame(Graph graph) {
        try (Session plain = torch().prepare(graph);
                Session frozen = torch().freeze(graph)) {
            for (int rows : new int[] {1, 3, 17}) {
                Map<String, Array> x = Map.of("x", numbers(rows, 5, 32));
                float[] expected = OneNode.value(plain.run(x), "y").floats();
                assertThat(OneNode.value(frozen.run(x), "y").floats()).containsExactly(expected, ROUNDED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h = Linear (x, w, b)",
                "h = Linear (x, w)",
                "h = Linear <transposed: int = 1> (x, wt, b)",
                "p = Linear (x, w, b)\nh = Gelu (p)",
                "p = Linear (x, w, b)\nh = Gelu <approximate: string = \"tanh\"> (p)",
            })
    void layersAreLaidOutAndComputeTheSame(String nodes) {
        Graph graph = graph(nodes);
        assertThat(packed(graph)).isEqualTo(1);
        assertThat(steps(graph)).containsExactly("Linear");
        assertSame(graph);
    }

    @Test
    void anActivationThatIsNotAloneIsComputedByItself() {
        Graph graph = graph("p = Linear (x, w, b)\ng = Gelu (p)\nh = Add (g, p)");
        assertThat(steps(graph)).containsExactly("Linear", "Gelu");
        assertSame(graph);
    }

    @Test
    void aWeightOfTwoLayersIsLaidOutOnce() {
        Graph graph = graph("p = Linear (x, w, b)\nq = Linear (x, w)\nh = Add (q, p)");
        assertThat(packed(graph)).isEqualTo(1);
        assertSame(graph);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h = Linear (x, w, one)",
                "p = Linear (x, w, b)\nq = MatMul (x, w)\nh = Add (q, p)",
            })
    void whatIsReadOtherwiseStaysAsItIs(String nodes) {
        assertThat(packed(graph(nodes))).isZero();
        assertSame(graph(nodes));
    }

    @Test
    void rowsThatDoNotFitAreNamed() {
        Graph graph = graph("s = Transpose <perm: ints = [0, 2, 1]> (x)\nh = Linear (s, w, b)");
        try (Session frozen = torch().freeze(graph)) {
            assertThatThrownBy(() -> frozen.run(Map.of("x", numbers(1, 5, 32))))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("multiplies rows of 32 numbers, not bfloat16[1,32,5]");
        }
    }
}
