package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.Mutation;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.ops.Operators;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is mutated: ONNX's operator tests, the nodes of {@link GradientCases}, and models from the wild, by the operator
 * that each tests. Every operator of the table gets as many mutants as any other.
 */
final class FuzzCorpus {
    /** How errors name the file of every mutant. */
    static final String FILE = "mutant.onnx";

    private static final Path MODELS = Path.of("../../shared/models");
    private static final int LARGEST_MODEL = 1_200_000;

    private final List<List<Original>> byOperator;

    /** A graph that runs on inputs, and the bytes of its file where it has one. */
    record Original(String name, Graph graph, Map<String, Content> inputs, Optional<byte[]> bytes) {}

    private FuzzCorpus(List<List<Original>> byOperator) {
        this.byOperator = byOperator;
    }

    static FuzzCorpus load() {
        OpTable table = Operators.standard();
        var found = new TreeMap<String, List<Original>>();
        ConformanceCase.archive().map(ConformanceCase::all).orElse(List.of()).forEach(test -> {
            original(test, table)
                    .ifPresent(original -> operators(original.graph())
                            .forEach(operator -> found.computeIfAbsent(operator, key -> new ArrayList<>())
                                    .add(original)));
        });
        GradientCases.all()
                .forEach(test -> found.computeIfAbsent(
                                OpTable.qualified(
                                        test.node().domain(), test.node().operator()),
                                key -> new ArrayList<>())
                        .add(new Original(test.toString(), test.graph(), Content.of(test.inputs()), Optional.empty())));
        List<List<Original>> lists = new ArrayList<>(found.values());
        lists.add(models());
        lists.removeIf(List::isEmpty);
        return new FuzzCorpus(lists);
    }

    /** The mutant of a seed; the same for the same corpus. */
    Mutant mutant(long seed) {
        var random = new Random(seed);
        List<Original> group = byOperator.get((int) Math.floorMod(seed, (long) byOperator.size()));
        Original original = group.get(random.nextInt(group.size()));
        if (original.bytes().isPresent() && random.nextInt(8) == 0) {
            byte[] damaged = new Mutation(seed).of(original.bytes().get());
            Graph graph = Onnx.read(ByteBuffer.wrap(damaged), FILE);
            return new Mutant(original.name() + ", bytes", graph, original.inputs());
        }
        return new GraphMutation(random).of(original);
    }

    /** A graph and inputs that nobody vouches for. */
    record Mutant(String story, Graph graph, Map<String, Content> inputs) {}

    /** The test, if the table has all its operators and it reads plain arrays. */
    private static Optional<Original> original(ConformanceCase test, OpTable table) {
        try {
            Graph graph = test.graph();
            return ConformanceCase.lacking(graph, table).isEmpty()
                    ? Optional.of(new Original(
                            test.name(),
                            graph,
                            test.inputs(),
                            Optional.ofNullable(test.files().get("model.onnx"))))
                    : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream()
                .map(node -> OpTable.qualified(node.domain(), node.operator()))
                .distinct()
                .toList();
    }

    private static List<Original> models() {
        if (!Files.isDirectory(MODELS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(MODELS)) {
            var models = new ArrayList<Original>();
            for (Path file : files.sorted().toList()) {
                if (Files.size(file) < LARGEST_MODEL) {
                    byte[] bytes = Files.readAllBytes(file);
                    Graph graph = Onnx.read(ByteBuffer.wrap(bytes), FILE);
                    models.add(new Original(file.getFileName().toString(), graph, inputs(graph), Optional.of(bytes)));
                }
            }
            return models;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Map<String, Content> inputs(Graph graph) {
        var inputs = new LinkedHashMap<String, Array>();
        for (ValueInfo input : graph.inputs()) {
            long[] shape = input.shape().orElse(List.of()).stream()
                    .mapToLong(size -> size instanceof dev.graft.graph.Dimension.Fixed fixed ? fixed.size() : 1)
                    .toArray();
            ElementType type = input.type().orElse(ElementType.FLOAT);
            long bytes = type.bytes(java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b));
            inputs.put(input.name(), Array.of(type, shape, Array.allocate(bytes)));
        }
        return Content.of(inputs);
    }
}
