package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Graph;
import dev.graft.rewrite.AdapterMethod;
import dev.graft.rewrite.Bottleneck;
import dev.graft.rewrite.Dora;
import dev.graft.rewrite.Ia3;
import dev.graft.rewrite.Lora;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On every exporter's writing of every family an adapter starts as the identity and merges; PEFT computes the same. */
class AdapterMethodsTest {
    /** How far float32 sums in another order may lie apart, as a share of the largest value, and at least so much. */
    private static final double ROUNDING = 2e-5;

    private static final Torch TORCH = new Torch(TorchSettings.defaults().withThreads(1), Fusion.standard());

    private static final Map<String, AdapterMethod> METHODS = Map.of(
            "lora", new Lora(4, 8, 0, Lora.QUERY_AND_VALUE, 5),
            "dora", new Dora(new Lora(4, 8, 0, Lora.QUERY_AND_VALUE, 5)),
            "ia3", Ia3.standard(),
            "bottleneck", new Bottleneck(6, Bottleneck.BOTH, 5));

    /** Of two layers; ALBERT's share theirs as far as the exporter keeps that. */
    private static final Map<String, Integer> WEIGHTS = Map.of("lora", 8, "dora", 12, "ia3", 6, "bottleneck", 16);

    static Stream<Arguments> familiesAndMethods() {
        return Family.all().stream()
                .flatMap(family -> METHODS.keySet().stream().sorted().map(method -> Arguments.of(family, method)));
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("familiesAndMethods")
    void anAdapterStartsAsTheIdentity(Family family, String name) {
        Graph grown = method(name).apply(family.graph());
        if (!family.toString().startsWith("albert")) {
            assertThat(added(grown)).hasSize(Objects.requireNonNull(WEIGHTS.get(name)));
        }
        assertThat(grown.weights()).containsAllEntriesOf(family.graph().weights());
        assertClose(family.outputs().get(0), run(grown, family.inputs()));
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("familiesAndMethods")
    void mergedItComputesTheSameInTheNodesOfTheBase(Family family, String name) {
        Graph tuned = drawn(method(name).apply(family.graph()));
        Array expected = run(tuned, family.inputs());
        assertThat(difference(expected, family.outputs().get(0))).isGreaterThan(0.01);
        method(name).merged(family.graph(), tuned.weights()).ifPresent(merged -> {
            assertThat(merged.nodes()).hasSameSizeAs(family.graph().nodes());
            assertThat(added(merged)).isEmpty();
            assertClose(expected, run(merged, family.inputs()));
        });
    }

    static Stream<String> methods() {
        return METHODS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void outputsAndGradientsAreThoseOfPeft(String name) {
        Family family = bert();
        Path folder =
                family.folder().resolveSibling("../adapters").resolve(name).normalize();
        Map<String, Array> weights = inGraph(Family.recorded(folder, "weight/"));
        Graph grown = method(name).apply(family.graph());
        assertThat(weights.keySet()).isEqualTo(added(grown));
        Map<String, Array> all = new LinkedHashMap<>(grown.weights());
        all.putAll(weights);
        Graph graph = Fusion.standard().then(method(name).forTraining()).apply(grown.withWeights(all));

        assertClose(Objects.requireNonNull(Family.recorded(folder, "output").get("")), run(graph, family.inputs()));
        Map<String, Array> gradients =
                Backward.gradients(graph, family.inputs(), family.projection(), weights.keySet());
        inGraph(Family.recorded(folder, "gradient/"))
                .forEach((weight, expected) -> assertClose(expected, Objects.requireNonNull(gradients.get(weight))));
    }

    private static AdapterMethod method(String name) {
        return Objects.requireNonNull(METHODS.get(name));
    }

    private static Family bert() {
        return Family.all().stream()
                .filter(family -> family.toString().equals("bert-old-eager-opset14"))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> added(Graph graph) {
        return graph.weights().keySet().stream().filter(AdapterMethod::adds).collect(Collectors.toSet());
    }

    private static Graph drawn(Graph grown) {
        Random random = new Random(3);
        Map<String, Array> weights = new LinkedHashMap<>(grown.weights());
        weights.replaceAll((name, array) -> AdapterMethod.adds(name) ? moved(array, random) : array);
        return grown.withWeights(weights);
    }

    private static Array moved(Array array, Random random) {
        float[] values = array.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.3 * random.nextGaussian());
        }
        return Array.of(values, array.shape());
    }

    /** PEFT's matrices are those of PyTorch's layers, [out, in]; its factors of results are columns. */
    private static Map<String, Array> inGraph(Map<String, Array> weights) {
        Map<String, Array> turned = new LinkedHashMap<>(weights);
        turned.replaceAll((name, array) -> {
            if (array.rank() != 2 || name.endsWith(Ia3.FACTORS)) {
                return array.rank() == 2 && array.size(1) == 1 ? array.reshape(array.elements()) : array;
            }
            int rows = (int) array.size(0);
            int columns = (int) array.size(1);
            float[] values = array.floats();
            float[] other = new float[values.length];
            for (int i = 0; i < other.length; i++) {
                other[i] = values[i % rows * columns + i / rows];
            }
            return Array.of(other, columns, rows);
        });
        return turned;
    }

    private static Array run(Graph graph, Map<String, Array> inputs) {
        try (Session session = TORCH.prepare(graph)) {
            return session.run(inputs).values().iterator().next();
        }
    }

    private static void assertClose(Array expected, Array actual) {
        double largest = difference(expected, Array.of(new float[(int) expected.elements()], expected.shape()));
        assertThat(difference(expected, actual)).isLessThanOrEqualTo(ROUNDING * Math.max(1, largest));
    }

    private static double difference(Array expected, Array actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] a = expected.floats();
        float[] b = actual.floats();
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
