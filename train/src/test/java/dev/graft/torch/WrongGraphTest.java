package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.GraphText;
import dev.graft.graph.Onnx;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a graph is told with its file, and with the node, its operator and its scope where it is a node. */
class WrongGraphTest {
    private static final Map<String, Array> X = Map.of("x", Array.of(new float[] {1, 2}, 2));
    private static final Torch FUSING = new Torch(TorchSettings.defaults().withThreads(1), Fusion.standard());

    @TempDir
    Path folder;

    private Graph read(String opset, String weights, String nodes) {
        Path file = folder.resolve("wrong.onnx");
        Onnx.write(GraphText.parse("""
                <ir_version: 8, opset_import: ["" : %s]>
                g (float[2] x) => (float y)
                %s
                {
                    %s
                }
                """.formatted(opset, weights, nodes)), file);
        return Onnx.read(file);
    }

    private void isRefused(String weights, String nodes, String... parts) {
        Graph graph = read("17", weights, nodes);
        for (Torch torch : new Torch[] {OneNode.TORCH, FUSING}) {
            assertThatThrownBy(() -> {
                        try (Network network = torch.prepare(graph)) {
                            network.run(X);
                        }
                    })
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("wrong.onnx")
                    .satisfies(error -> assertThat(error.getMessage()).contains(parts));
        }
    }

    @Test
    void aNodeIsNamedWithScopeAndFile() {
        isRefused(
                "<int64[1] nine = {9}>",
                "[\"/encoder/layer.0/Gather\"] y = Gather (x, nine)",
                "The node '/encoder/layer.0/Gather' (Gather) in scope 'encoder/layer.0' of ",
                "wrong.onnx failed: index out of range",
                "its operands are float[2], int64[1]");
    }

    @Test
    void anAttributeOfAnotherKindIsRefused() {
        isRefused("", "y = Softmax <axis = \"last\"> (x)", "(Softmax)", "'axis' of kind string; int is expected");
        isRefused("", "y = LeakyRelu <alpha = 1> (x)", "(LeakyRelu)", "'alpha' of kind int; float is expected");
        isRefused("", "y = Transpose <perm = 0> (x)", "(Transpose)", "'perm' of kind int; ints is expected");
        isRefused("", "y = Einsum <equation = 3> (x)", "(Einsum)", "'equation' of kind int; string is expected");
    }

    @Test
    void aWeightOfATypeThatNothingTakesIsNamed() {
        isRefused("<string[2] w = {\"a\", \"b\"}>", "y = Add (x, w)", "(Add)", "value 'w' of string[2]");
    }

    @Test
    void moreResultsThanTheOperatorHasAreRefused() {
        isRefused("", "y, z = Relu (x)", "(Relu)", "names 2 results, but has 1");
    }

    @Test
    void branchesThatDifferAreRefused() {
        String then = "then_branch = one () => (float a) { a = ReduceSum <keepdims = 0> (x) }";
        String whole = "else_branch = other () => (int64 b) { b = Cast <to = 7> (x) }";
        String two = "else_branch = other () => (float b, float c) { b = Neg (x) c = Neg (x) }";
        String weight = "<bool yes = {1}>";
        isRefused(weight, "y = If <" + then + "> (yes)", "(If)", "has no else_branch");
        isRefused(weight, "y = If <" + then + ", else_branch = 3> (yes)", "(If)", "'else_branch' of kind int");
        isRefused(
                weight,
                "y = If <" + then + ", " + whole + "> (yes)",
                "(If) has branches of two types: 'a' is float, 'b' is int64");
        isRefused(weight, "y = If <" + then + ", " + two + "> (yes)", "(If)", "branches of 1 and 2 results");
    }

    @Test
    void aNodeWithinABranchIsNamedItself() {
        String broken = "then_branch = one () => (float a) { a = Add (x, w) }";
        String other = "else_branch = other () => (float b) { b = Neg (x) }";
        isRefused(
                "<bool[2] both = {1, 1}, float[3] w = {1, 2, 3}>",
                "c = ReduceSum <keepdims = 0> (x) yes = Greater (c, c) no = Not (yes) y = If <" + broken + ", " + other
                        + "> (no)",
                "The node 'a' (Add) of ",
                "wrong.onnx failed: ",
                "its operands are float[2], float[3]");
    }

    @Test
    void aMissingOperatorIsToldWithTheFile() {
        isRefused("", "y = Nonsense (x)", "wrong.onnx: Training lacks 1 operator of this model: Nonsense of opset 17");
    }

    @Test
    void aSequenceOfATypeThatLibtorchDoesNotHoldIsRefused() {
        Graph graph = GraphText.parse("""
                g (words) => (int64 y) { y = SequenceLength (words) }
                """);
        Content words = new Content.Sequence(List.of(Array.ofStrings(List.of("a"), 1)));
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThatThrownBy(() -> network.compute(Map.of("words", words)))
                    .isInstanceOf(GraphException.class)
                    .hasMessage("Input 'words' holds string[1], which libtorch does not hold");
        }
    }

    @Test
    void anOutputBeyondTwoGigabytesIsRefused() {
        Graph graph = read("17", "<int64[1] many = {600000000}>", "c = ConstantOfShape (many) y = Reshape (c, many)");
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThatThrownBy(() -> network.run(X))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("Output 'y' of the graph of ")
                    .hasMessageContaining("wrong.onnx is float[600000000], more than the Java process may hold");
        }
    }
}
