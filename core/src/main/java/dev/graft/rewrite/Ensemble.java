package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Attribute;
import dev.graft.graph.Functions;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins classifiers over the same inputs into one, whose probabilities are the mean of theirs.
 *
 * <pre>
 * logitsᵢ = memberᵢ(inputs)   ⇒   logits = log(mean of softmax(logitsᵢ))
 * </pre>
 *
 * <p>Weights that members have in common are kept once, and nodes that compute the same from the same values are too: heads
 * on one frozen trunk cost little more than one of them.
 */
public final class Ensemble {
    private static final String SCOPE = "ensemble";
    /** Keeps the logarithm of a probability that is rounded to 0 finite. */
    private static final float LEAST = 1e-30f;

    private final Graph first;
    private final Names names;
    private final Set<String> nodeNames = new HashSet<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Array> weights = new LinkedHashMap<>();
    private final Map<Node, List<String>> known = new HashMap<>();

    private Ensemble(Graph first) {
        this.first = first;
        this.names = Names.in(first.withOutputs(List.of()).withNodes(List.of(), Map.of()));
        names.fresh(ClassifierHead.LOGITS);
    }

    /**
     * The members as one graph with the output {@code logits}.
     *
     * @param members each with the inputs of the first, its operator sets, and the output {@code logits}
     * @throws InputException if there are fewer than two
     * @throws GraphException if the members do not fit together, or one holds branches or loops
     */
    public static Graph of(List<Graph> members) {
        if (members.size() < 2) {
            throw new InputException("An ensemble needs 2 members or more, not " + members.size());
        }
        List<Graph> plain = members.stream().map(Functions::inline).toList();
        Ensemble ensemble = new Ensemble(plain.get(0));
        List<String> logits = plain.stream().map(ensemble::join).toList();
        return ensemble.mean(logits);
    }

    /** Adds a member; returns the name of its logits. */
    private String join(Graph member) {
        check(member);
        Map<String, String> renamed = new HashMap<>();
        renamed.put("", "");
        member.inputs().forEach(input -> renamed.put(input.name(), input.name()));
        member.weights().forEach((name, array) -> renamed.put(name, place(name, array)));
        member.nodes().forEach(node -> add(node, renamed));
        String logits = renamed.get(ClassifierHead.LOGITS);
        if (logits == null) {
            throw new GraphException("A member of the ensemble has no output '" + ClassifierHead.LOGITS + "'");
        }
        return logits;
    }

    private void check(Graph member) {
        List<String> inputs = member.inputs().stream().map(ValueInfo::name).toList();
        List<String> expected = first.inputs().stream().map(ValueInfo::name).toList();
        if (!inputs.equals(expected) || !member.opsets().equals(first.opsets())) {
            throw new GraphException(
                    "The members of an ensemble must have the same inputs and operator sets, but there are " + expected
                            + ", " + first.opsets() + " and " + inputs + ", " + member.opsets());
        }
        member.nodes().stream()
                .filter(node -> node.attributes().values().stream().anyMatch(Ensemble::isBody))
                .findFirst()
                .ifPresent(node -> {
                    throw new GraphException(
                            "Members of an ensemble may hold no branches or loops, but one has the " + node.label());
                });
    }

    private static boolean isBody(Attribute attribute) {
        return attribute instanceof Attribute.Body || attribute instanceof Attribute.Bodies;
    }

    private String place(String name, Array array) {
        Array before = weights.get(name);
        if (before != null && before.equals(array)) {
            return name;
        }
        String fresh = names.fresh(name);
        weights.put(fresh, array);
        return fresh;
    }

    private void add(Node node, Map<String, String> renamed) {
        Node resolved = node.reading(node.inputs().stream()
                .map(input -> renamed.getOrDefault(input, input))
                .toList());
        Node meaning = resolved.named("").defining(List.of());
        List<String> outputs = known.get(meaning);
        if (outputs == null || outputs.size() != node.outputs().size()) {
            outputs = node.outputs().stream()
                    .map(output -> output.isEmpty() ? "" : names.fresh(output))
                    .toList();
            known.put(meaning, outputs);
            nodes.add(resolved.named(unused(node.name())).defining(outputs));
        }
        for (int i = 0; i < outputs.size(); i++) {
            renamed.put(node.outputs().get(i), outputs.get(i));
        }
    }

    /** A name for a node that no other has: ONNX Runtime refuses two of one name. */
    private String unused(String wish) {
        String name = wish;
        for (int i = 2; !name.isEmpty() && !nodeNames.add(name); i++) {
            name = wish + "_" + i;
        }
        return name;
    }

    private Graph mean(List<String> logits) {
        Graph joined = first.withOutputs(List.of()).withNodes(nodes, weights);
        Builder builder = new Builder(joined, SCOPE);
        String sum = "";
        for (String member : logits) {
            String share =
                    builder.add(Node.of("Softmax", "probabilities", member).with("axis", new Attribute.Whole(1)));
            sum = sum.isEmpty() ? share : builder.node("Add", "sum", sum, share);
        }
        String count = builder.weight("count", Array.of(new float[] {logits.size()}));
        String mean = builder.node("Div", "mean", sum, count);
        String least = builder.weight("least", Array.of(new float[] {LEAST}));
        builder.define(Node.of("Log", ClassifierHead.LOGITS, builder.node("Max", "positive", mean, least)));
        List<ValueInfo> outputs = first.main().outputs().stream()
                .filter(output -> output.name().equals(ClassifierHead.LOGITS))
                .toList();
        return joined.appending(builder.nodes(), builder.weights(), outputs);
    }
}
