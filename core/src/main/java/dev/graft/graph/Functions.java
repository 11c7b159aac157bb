package dev.graft.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces calls of the functions that a model itself defines by the functions' nodes.
 *
 * <pre>{@code
 * y = local.Twice <scale = 2> (x)     ⇒     call/t = Mul (x, x)
 *                                           y = LeakyRelu <alpha = 2> (call/t)
 * }</pre>
 *
 * <p>PyTorch's newer exporter writes such functions. Values inside a function get the name of the call before their own,
 * so that they stay unique; references to the caller's attributes become their values.
 *
 * <p>Source: the ONNX specification, "Functions".
 */
public final class Functions {
    private static final int LARGEST = 1_000_000;
    private static final int DEEPEST = 32;
    private static final int OVERLOAD_OF_NODE = 8;

    private final Map<String, Function> functions = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private int count;
    private int depth;

    private Functions(Graph graph) {
        for (Function function : graph.functions()) {
            String key = key(function.domain(), function.name(), text(function.extras(), FunctionReader.OVERLOAD));
            if (functions.put(key, function) != null) {
                throw new GraphException("Function '" + function.name() + "' is defined twice; export the model again");
            }
        }
        take(graph.main());
    }

    /**
     * The graph without functions.
     *
     * @throws GraphException if functions call each other in a circle, or one asks for another version of an operator set
     *     than the model
     */
    public static Graph inline(Graph graph) {
        if (graph.functions().isEmpty()) {
            return graph;
        }
        var inlining = new Functions(graph);
        Block main = inlining.block(graph.main());
        var opsets = new LinkedHashMap<>(graph.opsets());
        graph.functions().forEach(function -> opsets.remove(function.domain()));
        graph.functions().forEach(function -> adopt(opsets, function, graph));
        return new Graph(main, opsets, List.of(), graph.header());
    }

    private static void adopt(Map<String, Long> opsets, Function function, Graph graph) {
        function.opsets().forEach((domain, version) -> {
            boolean local =
                    graph.functions().stream().anyMatch(other -> other.domain().equals(domain));
            Long known = opsets.get(domain);
            if (known != null && !known.equals(version)) {
                throw new GraphException("Function '" + function.name() + "' asks for version " + version
                        + " of operator set '" + domain + "', the model for " + known
                        + "; export the model with its functions inlined");
            }
            if (!local) {
                opsets.put(domain, version);
            }
        });
    }

    private static String key(String domain, String name, String overload) {
        return domain + '\n' + name + '\n' + overload;
    }

    private static String text(Extras extras, int number) {
        List<Extras.Field> fields = extras.numbered(number);
        if (fields.isEmpty()) {
            return "";
        }
        Wire wire = Wire.of(Content.of(fields.get(fields.size() - 1).content(), "a kept field"));
        wire.next();
        return wire.text();
    }

    private void take(Block block) {
        taken.addAll(block.weights().keySet());
        block.inputs().forEach(input -> taken.add(input.name()));
        for (Node node : block.nodes()) {
            taken.addAll(node.outputs());
            Bodies.of(node).forEach(this::take);
        }
    }

    private Block block(Block block) {
        return block.withNodes(nodes(block.nodes()));
    }

    private List<Node> nodes(List<Node> nodes) {
        var expanded = new ArrayList<Node>();
        for (Node node : nodes) {
            Function function =
                    functions.get(key(node.domain(), node.operator(), text(node.extras(), OVERLOAD_OF_NODE)));
            if (function == null) {
                expanded.add(Bodies.map(node, this::block));
            } else {
                expanded.addAll(call(node, function));
            }
            if (++count > LARGEST) {
                throw new GraphException("The " + node.label() + " and others call functions that come to more than "
                        + LARGEST + " nodes; export the model with its functions inlined");
            }
        }
        return expanded;
    }

    private List<Node> call(Node call, Function function) {
        if (++depth > DEEPEST) {
            throw new GraphException("The " + call.label() + " calls a function that calls itself, or functions nest"
                    + " more than " + DEEPEST + " deep; export the model with its functions inlined");
        }
        String prefix = (call.name().isEmpty() && !call.outputs().isEmpty() ? call.output() : call.name()) + "/";
        var names = new HashMap<String, String>();
        names.put("", "");
        for (int i = 0; i < function.inputs().size(); i++) {
            names.put(function.inputs().get(i), call.input(i));
        }
        var copies = new ArrayList<Node>();
        for (int i = 0; i < Math.min(function.outputs().size(), call.outputs().size()); i++) {
            String wanted = call.outputs().get(i);
            if (names.putIfAbsent(function.outputs().get(i), wanted.isEmpty() ? fresh(prefix + "unused") : wanted)
                            != null
                    && !wanted.isEmpty()) {
                copies.add(Node.of(
                        "Identity",
                        wanted,
                        names.getOrDefault(function.outputs().get(i), "")));
            }
        }
        var renaming = new Renaming(names, name -> fresh(prefix + name), prefix, attributes(call, function));
        List<Node> body = new ArrayList<>(
                nodes(function.nodes().stream().map(renaming::node).toList()));
        body.addAll(copies);
        depth--;
        return body;
    }

    private static Map<String, Attribute> attributes(Node call, Function function) {
        var values = new HashMap<>(function.attributeDefaults());
        values.putAll(call.attributes());
        return values;
    }

    private String fresh(String name) {
        String candidate = name;
        for (int i = 1; !taken.add(candidate); i++) {
            candidate = name + "_" + i;
        }
        return candidate;
    }
}
