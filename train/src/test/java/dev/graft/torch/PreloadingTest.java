package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreloadingTest {
    private static boolean preloads() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("graft-preloading"));
    }

    @Test
    void closingWaitsForTheThread() {
        Preloading.begin().close();
        assertThat(preloads()).isFalse();
    }

    @Test
    void anInterruptIsKept() {
        Thread.currentThread().interrupt();
        Preloading.begin().close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(preloads()).isFalse();
    }

    @Test
    void whoNeedsTheLibraryMeanwhileGetsIt() {
        var two = new Dimension.Fixed(2);
        Graph sum = Graph.of(
                List.of(ValueInfo.of("a", ElementType.FLOAT, two)),
                List.of(ValueInfo.of("b", ElementType.FLOAT, two)),
                List.of(Node.of("Add", "b", "a", "a")),
                Map.of(),
                17);
        try (Preloading libtorch = Preloading.begin();
                Network network = new Torch(TorchSettings.defaults(), graph -> graph).prepare(sum)) {
            assertThat(network.run(Map.of("a", Array.of(new float[] {1, 2}, 2))).get("b"))
                    .isEqualTo(Array.of(new float[] {2, 4}, 2));
        }
    }
}
