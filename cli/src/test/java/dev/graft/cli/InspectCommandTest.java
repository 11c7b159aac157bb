package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.graph.GraphText;
import dev.graft.graph.Onnx;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code graft inspect} says of graphs that are no text encoders. */
class InspectCommandTest {
    private static final String NETWORK = """
            <ir_version: 8, opset_import: ["" : 17, "my.own" : 1], producer_name: "somebody">
            g (float[batch,width] x, float[batch,4] other) => (float[batch,2] y)
            <float[4,3] w = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, int64[2] shape = {-1, 2}> {
              factor = Constant <value = float[2] {3, 4}> ()
              a = MatMul (x, w)
              flat = Reshape (OP, shape)
              y = Mul (flat, factor)
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeModels() {
        Onnx.write(GraphText.parse(NETWORK.replace("OP", "a")), folder.resolve("known.onnx"));
        String unknown =
                NETWORK.replace("flat =", "b = my.own.Thing (a)\n  flat =").replace("OP", "b");
        Onnx.write(GraphText.parse(unknown), folder.resolve("unknown.onnx"));
    }

    private String inspected(String line) {
        Ran ran = Ran.in(folder, "inspect " + line);
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        assertThat(ran.made()).isEmpty();
        return ran.answer();
    }

    @Test
    void everyPartIsThere() {
        assertThat(inspected("@known.onnx --shape x=6,4").lines().map(String::strip))
                .contains(
                        "ONNX operator set 17, my.own 1, 4 nodes, 3 weights, 16 numbers, 0.1 kB, written by somebody",
                        "x      float[batch,width]",
                        "y  float[batch,2]",
                        "4 operators",
                        "Constant 1, MatMul 1, Mul 1, Reshape 1",
                        "w       float[4,3]  0.0 kB",
                        "multiply-adds for x=6,4 other=6,4",
                        "72",
                        "no repeated blocks; weights that can learn, by depth",
                        "can be trained: 2 weights, 14 numbers",
                        "not trained: 1 weight, 2 numbers, whole numbers read by Reshape");
    }

    @Test
    void namedDimensionsThatNobodyGivesAreOneAndNamed() {
        assertThat(inspected("@known.onnx"))
                .contains("multiply-adds for x=1,1 other=1,4", "batch, width taken as 1")
                // 1 and the weight's 4 rows do not fit.
                .contains("not counted: the model does not run on zeros of these shapes: ", "(MatMul)");
    }

    @Test
    void anUnknownOperatorLeavesTheRestOfTheReport() {
        assertThat(inspected("@unknown.onnx --shape x=6,4").lines().map(String::strip))
                .contains(
                        "x      float[batch,width]",
                        "w       float[4,3]  0.0 kB",
                        "not counted: operators are missing, see below",
                        "missing operator: my.own.Thing, once ('b')",
                        "can be trained: 1 weight, 2 numbers",
                        "cannot be trained: 1 weight, 12 numbers, behind my.own.Thing, which is missing (w)");
    }

    @Test
    void jsonHoldsAllOfIt() throws IOException {
        JsonNode found = new ObjectMapper().readTree(inspected("@known.onnx --shape x=6,4 --json"));
        assertThat(found.at("/operators/MatMul").asInt()).isEqualTo(1);
        assertThat(found.at("/inputs/x").asText()).isEqualTo("float[batch,width]");
        assertThat(found.at("/weights/elements").asInt()).isEqualTo(16);
        assertThat(found.at("/weight_types/int64/arrays").asInt()).isEqualTo(1);
        assertThat(found.at("/largest/0/name").asText()).isEqualTo("w");
        assertThat(found.at("/multiply_adds/total").asLong()).isEqualTo(72);
        assertThat(found.at("/multiply_adds/shapes/x/0").asInt()).isEqualTo(6);
        assertThat(found.at("/training/groups/0/verdict").asText()).isEqualTo("TRAINABLE");
        assertThat(found.at("/training/groups/0/weights/1").asText()).isEqualTo("factor");
        JsonNode lacking = new ObjectMapper().readTree(inspected("@unknown.onnx --json"));
        assertThat(lacking.at("/training/missing/my.own.Thing/0").asText()).isEqualTo("'b'");
        assertThat(lacking.at("/multiply_adds/problem").asText()).contains("missing");
    }

    @Test
    void shapesThatCannotBeAreRefused() {
        Ran.in(folder, "inspect @known.onnx --shape z=1,4").isRefusedWith("no input 'z'", "x, other");
        Ran.in(folder, "inspect @known.onnx --shape x=1,a").isRefusedWith("NAME=SIZE,SIZE", "x=1,3,224,224", "'x=1,a'");
        Ran.in(folder, "inspect @known.onnx --shape other=1,5").isRefusedWith("other=1,5", "[batch,4]");
        Ran.in(folder, "inspect @known.onnx --shape x=4,99999999999").isRefusedWith("1 GB");
    }
}
