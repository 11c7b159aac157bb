package dev.graft.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where in the original program each node comes from, as exporters note it: {@code encoder/layer.0/attention/self/query}.
 *
 * <p>PyTorch's old exporter and TensorFlow's put the scope into the node's name; PyTorch's new exporter puts it into the
 * node's metadata ({@code pkg.torch.onnx.name_scopes} or {@code namespace}); where neither is there, the dotted name of
 * a weight that the node reads tells it. All come out in the same form, a module's path from the outside in.
 */
public final class Scopes {
    private static final int METADATA = 9;

    private final Map<String, String> byOutput = new HashMap<>();

    private Scopes(Graph graph) {
        graph.nodes().forEach(node -> note(graph, node));
        graph.nodes().forEach(node -> noteWithin(graph, node));
    }

    private void note(Graph graph, Node node) {
        String scope = scope(graph, node);
        node.outputs().forEach(output -> byOutput.putIfAbsent(output, scope));
    }

    /** Names in bodies may be those of other bodies; then the first one's scope is told. */
    private void noteWithin(Graph graph, Node node) {
        for (Block body : Bodies.of(node)) {
            body.nodes().forEach(within -> note(graph, within));
            body.nodes().forEach(within -> noteWithin(graph, within));
        }
    }

    /** The scopes of a graph's nodes. */
    public static Scopes of(Graph graph) {
        return new Scopes(graph);
    }

    /** The scope of a node of the graph or of a body in it; empty where nothing tells. */
    public String scope(Node node) {
        return node.outputs().isEmpty() ? "" : byOutput.getOrDefault(node.output(), "");
    }

    private static String scope(Graph graph, Node node) {
        Map<String, String> metadata = metadata(node);
        if (metadata.containsKey("pkg.torch.onnx.name_scopes")) {
            return fromNames(quoted(metadata.getOrDefault("pkg.torch.onnx.name_scopes", "")));
        }
        if (metadata.containsKey("namespace")) {
            return fromNamespace(metadata.getOrDefault("namespace", ""));
        }
        int end = node.name().lastIndexOf('/');
        if (end >= 0) {
            return node.name().substring(node.name().startsWith("/") ? Math.min(1, end) : 0, end);
        }
        return node.inputs().stream()
                .filter(graph.weights()::containsKey)
                .filter(name -> name.indexOf('.') > 0 && !name.contains("::"))
                .map(Scopes::fromWeight)
                .findFirst()
                .orElse("");
    }

    private static Map<String, String> metadata(Node node) {
        var entries = new HashMap<String, String>();
        for (Extras.Field field : node.extras().numbered(METADATA)) {
            try {
                Entry.read(Wire.payload(field)).into(entries);
            } catch (GraphException e) {
                // Metadata that cannot be read tells nothing; it is still kept in the file.
            }
        }
        return entries;
    }

    /** {@code ['', 'encoder', 'encoder.layer.0', 'linear']}: modules by their full names, the operator last. */
    private static String fromNames(List<String> names) {
        var path = new ArrayList<String>();
        String around = "";
        for (String name : names.subList(0, Math.max(0, names.size() - 1))) {
            boolean within = !around.isEmpty() && name.startsWith(around + ".");
            if (!name.isEmpty()) {
                path.add(within ? name.substring(around.length() + 1) : name);
                around = name;
            }
        }
        return String.join("/", path);
    }

    /** {@code : BertModel/encoder: BertEncoder/encoder.layer.0: BertLayer/linear: aten.linear}: names with their types. */
    private static String fromNamespace(String namespace) {
        if (namespace.startsWith("_empty_nn_module_stack")) {
            return "";
        }
        var names = new ArrayList<String>();
        for (String part : namespace.split("/", -1)) {
            int type = part.indexOf(':');
            names.add(type < 0 ? part : part.substring(0, type));
        }
        return fromNames(names);
    }

    private static List<String> quoted(String list) {
        var names = new ArrayList<String>();
        for (String part : list.replace("[", "").replace("]", "").split(",", -1)) {
            names.add(part.strip().replace("'", "").replace("\"", ""));
        }
        return names;
    }

    /** {@code encoder.layer.0.output.dense.bias}: numbers stay with the name before them, the weight's own is left out. */
    private static String fromWeight(String name) {
        var path = new ArrayList<String>();
        String[] parts = name.split("\\.", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            boolean number = parts[i].chars().allMatch(Character::isDigit);
            if (number && !path.isEmpty() && !path.get(path.size() - 1).matches(".*\\.\\d+")) {
                path.set(path.size() - 1, path.get(path.size() - 1) + "." + parts[i]);
            } else {
                path.add(parts[i]);
            }
        }
        return String.join("/", path);
    }
}
