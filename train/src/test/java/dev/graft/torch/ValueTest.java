package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ValueTest {
    private static final Array PAIR = Array.of(new float[] {1, 2}, 2);
    private static final Array THREE = Array.scalar(3f);

    private static ValueInfo value(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), Extras.NONE);
    }

    private static Network handing(Node... nodes) {
        var outputs = List.of(value(nodes[nodes.length - 1].output()));
        return OneNode.TORCH.prepare(Graph.of(List.of(value("x")), outputs, List.of(nodes), Map.of(), 17));
    }

    @Test
    void sequencesAndNothingPassThroughAGraph() {
        try (Network network = handing(Node.of("Identity", "i", "x"), Node.of("Identity", "y", "i"))) {
            for (Content content : List.of(
                    new Content.Sequence(List.of(PAIR, THREE)),
                    new Content.Sequence(List.of()),
                    new Content.Nothing(),
                    new Content.Single(PAIR))) {
                assertThat(network.compute(Map.of("x", content))).isEqualTo(Map.of("y", content));
            }
        }
    }

    @Test
    void aSequenceWhereATensorBelongsIsRefusedByName() {
        try (Network network = handing(Node.of("Neg", "y", "x"))) {
            assertThatThrownBy(() -> network.compute(Map.of("x", new Content.Sequence(List.of(PAIR)))))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("node 'y' (Neg)")
                    .hasMessageContaining("a sequence of 1 tensors");
        }
    }

    @Test
    void aSequenceGivenForADeclaredTensorIsRefused() {
        var declared = ValueInfo.of("x", PAIR.type());
        Graph graph =
                Graph.of(List.of(declared), List.of(value("y")), List.of(Node.of("Identity", "y", "x")), Map.of(), 17);
        try (Network network = OneNode.TORCH.prepare(graph)) {
            assertThatThrownBy(() -> network.compute(Map.of("x", new Content.Sequence(List.of(PAIR)))))
                    .hasMessageContaining("Input 'x' must be float[], not a sequence of 1 arrays");
        }
    }

    @Test
    void aSequenceOutlivesTheTensorsItWasMadeOf() {
        try (PointerScope scope = new PointerScope()) {
            Tensor first = Tensors.of(PAIR);
            var sequence = Value.Sequence.of(List.of(first));
            first.deallocate();
            Value.Sequence copy = sequence.handle();
            sequence.free();
            assertThat(Tensors.array(copy.at(0))).isEqualTo(PAIR);
        }
    }
}
