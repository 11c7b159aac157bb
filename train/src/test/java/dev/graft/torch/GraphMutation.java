package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Dimension;
import dev.graft.graph.Extras;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Header;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Changes a graph and its inputs in the ways that find bugs in operators. */
final class GraphMutation {
    private final Random random;
    private final HostileValues values;
    private final Map<String, Content> inputs = new LinkedHashMap<>();
    private final Map<String, Array> weights = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private long opset;

    GraphMutation(Random random) {
        this.random = random;
        this.values = new HostileValues(random);
    }

    FuzzCorpus.Mutant of(FuzzCorpus.Original original) {
        Graph graph = original.graph();
        inputs.putAll(original.inputs());
        weights.putAll(graph.weights());
        nodes.addAll(graph.nodes());
        opset = graph.opset();
        int rounds = 1 + random.nextInt(3);
        for (int i = 0; i < rounds; i++) {
            change();
        }
        boolean constants = random.nextInt(4) == 0;
        if (constants) {
            story.add("inputs as weights");
            inputs.forEach((name, content) -> {
                if (content instanceof Content.Single single) {
                    weights.put(name, single.array());
                }
            });
            inputs.keySet().removeAll(weights.keySet());
        }
        return new FuzzCorpus.Mutant(original.name() + ": " + String.join("; ", story), made(graph), inputs);
    }

    private void change() {
        if (nodes.isEmpty()) {
            return;
        }
        int at = random.nextInt(nodes.size());
        Node node = nodes.get(at);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> nodes.set(at, attribute(node));
            case 8, 9, 10 -> nodes.set(at, operands(node));
            case 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> array(node);
            case 21, 22 -> {
                opset = random.nextInt(3) == 0 ? 1 + random.nextInt(24) : opset - 3 + random.nextInt(7);
                story.add("opset " + opset);
            }
            default -> nodes.set(at, results(node));
        }
    }

    private Node attribute(Node node) {
        var changed = new LinkedHashMap<>(node.attributes());
        List<String> names = new ArrayList<>(changed.keySet());
        String name = names.isEmpty() || random.nextInt(5) == 0
                ? HostileValues.NAMES.get(random.nextInt(HostileValues.NAMES.size()))
                : names.get(random.nextInt(names.size()));
        if (changed.containsKey(name) && random.nextInt(6) == 0) {
            changed.remove(name);
            story.add(node.operator() + " without " + name);
        } else {
            Attribute value = values.attribute(Optional.ofNullable(changed.get(name)));
            changed.put(name, value);
            story.add(node.operator() + " with " + name + " = " + HostileValues.describe(value));
        }
        return new Node(
                node.name(), node.operator(), node.domain(), node.inputs(), node.outputs(), changed, node.extras());
    }

    private Node operands(Node node) {
        var operands = new ArrayList<>(node.inputs());
        if (operands.isEmpty()) {
            return node;
        }
        int at = random.nextInt(operands.size());
        switch (random.nextInt(4)) {
            case 0 -> operands.subList(at, operands.size()).clear();
            case 1 -> operands.set(at, "");
            case 2 -> operands.set(at, operands.get(random.nextInt(operands.size())));
            default -> operands.add(operands.get(at));
        }
        story.add(node.operator() + " of " + operands);
        return node.reading(operands);
    }

    private Node results(Node node) {
        var results = new ArrayList<>(node.outputs());
        if (random.nextBoolean() && results.size() > 1) {
            results.set(random.nextInt(results.size()), "");
        } else {
            results.add("more_" + random.nextInt(1000));
        }
        story.add(node.operator() + " to " + results);
        return node.defining(results);
    }

    /** Another array for an operand that is an input or a weight. */
    private void array(Node node) {
        List<String> known = node.inputs().stream()
                .filter(name -> inputs.containsKey(name) || weights.containsKey(name))
                .toList();
        if (known.isEmpty()) {
            return;
        }
        String name = known.get(random.nextInt(known.size()));
        Array changed;
        Content given = inputs.get(name);
        if (given == null) {
            changed = values.array(OneNode.value(weights, name));
            weights.put(name, changed);
        } else if (given instanceof Content.Single single) {
            changed = values.array(single.array());
            inputs.put(name, new Content.Single(changed));
        } else if (given instanceof Content.Sequence sequence
                && !sequence.arrays().isEmpty()) {
            var arrays = new ArrayList<>(sequence.arrays());
            changed = values.array(arrays.get(0));
            arrays.set(random.nextInt(arrays.size()), changed);
            inputs.put(name, new Content.Sequence(arrays));
        } else {
            return;
        }
        story.add(name + " = " + HostileValues.describe(changed));
    }

    private Graph made(Graph graph) {
        List<ValueInfo> declared = graph.main().inputs().stream()
                .filter(input -> inputs.containsKey(input.name()))
                .map(this::declared)
                .toList();
        var opsets = new LinkedHashMap<>(graph.opsets());
        opsets.put("", opset);
        Header old = graph.header();
        var header = new Header(old.irVersion(), "", "", "", 0, "", Map.of(), Extras.NONE, FuzzCorpus.FILE);
        try {
            return new Graph(
                    graph.main().withInputs(declared).withWeights(weights).withNodes(nodes),
                    opsets,
                    graph.functions(),
                    header);
        } catch (GraphException e) {
            throw new GraphException(FuzzCorpus.FILE + ": " + e.getMessage(), e);
        }
    }

    private ValueInfo declared(ValueInfo before) {
        return inputs.get(before.name()) instanceof Content.Single single
                ? new ValueInfo(before.name(), Optional.of(single.array().type()), shape(single.array()), Extras.NONE)
                : before;
    }

    private Optional<List<Dimension>> shape(Array array) {
        if (random.nextInt(3) == 0) {
            return Optional.empty();
        }
        var shape = new ArrayList<Dimension>();
        for (long size : array.shape()) {
            shape.add(
                    random.nextInt(4) == 0
                            ? new Dimension.Symbol(random.nextBoolean() ? "n" : "m")
                            : new Dimension.Fixed(size));
        }
        return Optional.of(shape);
    }
}
