package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.graph.Sites;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.Split;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoders of every exporter can be cut below their last block, and compute in two parts what they compute in one. */
class SplitFamiliesTest {
    /** How far float32 sums in another order may lie apart, for outputs of the size of 1. */
    private static final Offset<Float> ROUNDING = Offset.offset(2e-5f);

    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), Fusion.standard());

    static List<Family> families() {
        return Family.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void prefixAndRestComputeWhatTheWholeComputes(Family family) {
        Graph whole = family.graph();
        Sites sites = Sites.of(whole);
        int last = sites.depths().blocks();
        Set<String> top = sites.weights(Selector.and(Selector.learnable(), Selector.depth(last, last + 1)));
        Optional<Split> split = Split.below(whole, top);
        assertThat(split.isPresent()).isEqualTo(!top.isEmpty());
        assumeThat(top).as("weights that the last block shares with no other").isNotEmpty();
        Map<String, Array> actual = inTwo(split.orElseThrow(), family.inputs());
        inOne(whole, family.inputs())
                .forEach((name, array) -> assertThat(OneNode.value(actual, name).floats())
                        .as(name)
                        .containsExactly(array.floats(), ROUNDING));
    }

    private static Map<String, Array> inOne(Graph whole, Map<String, Array> inputs) {
        try (Session session = TORCH.prepare(whole)) {
            return session.run(inputs);
        }
    }

    private static Map<String, Array> inTwo(Split split, Map<String, Array> inputs) {
        var values = new LinkedHashMap<>(inputs);
        try (Session prefix = new OrtRuntime().prepare(split.prefix());
                Session rest = TORCH.prepare(split.rest())) {
            values.putAll(prefix.run(read(split.prefix(), values)));
            return rest.run(read(split.rest(), values));
        }
    }

    private static Map<String, Array> read(Graph graph, Map<String, Array> all) {
        var read = new LinkedHashMap<String, Array>();
        graph.inputs().forEach(input -> read.put(input.name(), OneNode.value(all, input.name())));
        return read;
    }
}
