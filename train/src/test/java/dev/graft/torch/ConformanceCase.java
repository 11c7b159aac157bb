package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Graph;
import dev.graft.graph.Node;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One of ONNX's own operator tests: a model, and outputs for inputs, computed by ONNX's reference implementation.
 *
 * @param files by their path within the case
 */
record ConformanceCase(String name, Map<String, byte[]> files) {
    /** Relative and absolute tolerance of ONNX's own runner ({@code onnx.backend.test.runner}). */
    private static final double RELATIVE = 1e-3;

    private static final double ABSOLUTE = 1e-7;

    private static final String ARCHIVE = "onnx-backend-1.17.0.tar.gz";

    /** The archive in {@code $GRAFT_CONFORMANCE}, or in {@code shared/conformance} beside the repository. */
    static Optional<Path> archive() {
        String folder = System.getenv("GRAFT_CONFORMANCE");
        Path file = folder != null
                ? Path.of(folder, ARCHIVE)
                : Path.of("../../shared/conformance", ARCHIVE).toAbsolutePath().normalize();
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    static List<ConformanceCase> all(Path archive) {
        var cases = new TreeMap<String, Map<String, byte[]>>();
        Tar.read(archive).forEach((path, content) -> {
            int start = path.indexOf("/test_");
            int end = start < 0 ? -1 : path.indexOf('/', start + 1);
            if (end >= 0) {
                cases.computeIfAbsent(path.substring(start + 1, end), name -> new TreeMap<>())
                        .put(path.substring(end + 1), content);
            }
        });
        return cases.entrySet().stream()
                .map(entry -> new ConformanceCase(entry.getKey(), entry.getValue()))
                .toList();
    }

    Graph graph() {
        return Onnx.read(ByteBuffer.wrap(files.get("model.onnx")), name);
    }

    /** The inputs of the first run, by name. */
    Map<String, Content> inputs() {
        return contents(0, "input", inputs(graph()));
    }

    /** The operators of a graph, those in bodies included, that a table lacks. */
    static Set<String> lacking(Graph graph, OpTable table) {
        var lacking = new TreeSet<String>();
        collect(graph.main(), graph, table, lacking);
        return lacking;
    }

    private static void collect(Block block, Graph graph, OpTable table, Set<String> lacking) {
        for (Node node : block.nodes()) {
            long version = graph.opsets().getOrDefault(node.domain(), 1L);
            if (ConstantNodes.of(node).isEmpty()
                    && table.find(node.domain(), node.operator(), version).isEmpty()) {
                lacking.add(OpTable.qualified(node.domain(), node.operator()));
            }
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.Body body) {
                    collect(body.value(), graph, table, lacking);
                }
            });
        }
    }

    /** What is wrong with a runtime's outputs; empty where nothing is. */
    Optional<String> mismatch(Runtime runtime) {
        Graph graph = graph();
        try (Session session = runtime.prepare(graph)) {
            for (int set = 0; files.containsKey("test_data_set_" + set + "/output_0.pb"); set++) {
                Map<String, Content> inputs = contents(set, "input", inputs(graph));
                Map<String, Content> expected = contents(set, "output", graph.outputs());
                Optional<String> found = mismatch(expected, run(session, inputs));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static List<ValueInfo> inputs(Graph graph) {
        return graph.inputs().stream()
                .filter(input -> !graph.weights().containsKey(input.name()))
                .toList();
    }

    private Map<String, Content> contents(int set, String kind, List<ValueInfo> values) {
        var contents = new LinkedHashMap<String, Content>();
        for (int i = 0; i < values.size(); i++) {
            byte[] file = files.get("test_data_set_" + set + "/" + kind + "_" + i + ".pb");
            if (file != null) {
                contents.put(values.get(i).name(), retyped(values.get(i), Recorded.read(values.get(i), file)));
            }
        }
        return contents;
    }

    /** Sessions take and give arrays; libtorch's also what else a graph may declare. */
    private static Map<String, Content> run(Session session, Map<String, Content> inputs) {
        if (session instanceof Network network) {
            return network.compute(inputs);
        }
        var arrays = new LinkedHashMap<String, Array>();
        inputs.forEach((name, content) -> arrays.put(name, content.array(name)));
        return Content.of(session.run(arrays));
    }

    /** The recordings hold bfloat16 as uint16, for NumPy has no such type. */
    private static Content retyped(ValueInfo value, Content content) {
        return value.type().equals(Optional.of(ElementType.BFLOAT16))
                        && content instanceof Content.Single single
                        && single.array().type() == ElementType.UINT16
                ? new Content.Single(Array.of(
                        ElementType.BFLOAT16,
                        single.array().shape(),
                        single.array().bytes()))
                : content;
    }

    private static Optional<String> mismatch(Map<String, Content> expected, Map<String, Content> actual) {
        for (String output : expected.keySet()) {
            Content wanted = Objects.requireNonNull(expected.get(output));
            Content got = Objects.requireNonNull(actual.get(output));
            List<Array> wantedArrays = wanted.arrays();
            List<Array> gotArrays = got.arrays();
            if (wanted.getClass() != got.getClass() || wantedArrays.size() != gotArrays.size()) {
                return Optional.of("'" + output + "' is " + got + ", not " + wanted);
            }
            for (int i = 0; i < wantedArrays.size(); i++) {
                Optional<String> found = mismatch(output, wantedArrays.get(i), gotArrays.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mismatch(String output, Array wanted, Array got) {
        if (wanted.type() != got.type() || !Arrays.equals(wanted.shape(), got.shape())) {
            return Optional.of("'" + output + "' is " + got + ", not " + wanted);
        }
        boolean same = wanted.type() == ElementType.STRING ? wanted.equals(got) : close(wanted, got);
        return same ? Optional.empty() : Optional.of("'" + output + "' differs in value");
    }

    private static boolean close(Array expected, Array actual) {
        double[] wanted = Numbers.of(expected);
        double[] got = Numbers.of(actual);
        for (int i = 0; i < wanted.length; i++) {
            boolean same = Double.compare(wanted[i], got[i]) == 0 || wanted[i] == got[i];
            if (!same && !(Math.abs(wanted[i] - got[i]) <= ABSOLUTE + RELATIVE * Math.abs(wanted[i]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
