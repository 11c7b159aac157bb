package dev.graft.rewrite;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Puts nodes behind a linear head, whose output keeps its name. */
final class HeadOutput {
    private HeadOutput() {}

    /**
     * The graph with more behind its head.
     *
     * @param nodes adds them to a builder, given the name of what the head computes; returns the last, still without the
     *     output's name
     * @param outputs how many values a row has afterwards
     * @throws GraphException if the graph has no linear head
     */
    static Graph extended(Graph headed, String scope, BiFunction<Builder, String, Node> nodes, int outputs) {
        Node head = Links.of(headed)
                .producer(ClassifierHead.LOGITS, "Gemm")
                .filter(gemm -> gemm.input(1).equals(ClassifierHead.WEIGHT))
                .orElseThrow(() -> new GraphException("The graph has no linear head whose output could be changed"));
        Builder builder = new Builder(headed, scope);
        String inner = Names.in(headed).fresh(scope + "/linear");
        Node last = nodes.apply(builder, inner);
        List<Node> all = new ArrayList<>(headed.nodes());
        all.set(all.indexOf(head), head.defining(List.of(inner)));
        all.addAll(builder.nodes());
        all.add(last.defining(List.of(ClassifierHead.LOGITS)).named("/" + scope + "/" + last.operator()));
        Map<String, Array> weights = new LinkedHashMap<>(headed.weights());
        weights.putAll(builder.weights());
        ValueInfo logits = ValueInfo.of(
                ClassifierHead.LOGITS,
                ElementType.FLOAT,
                new Dimension.Symbol("batch_size"),
                new Dimension.Fixed(outputs));
        return headed.with(block -> block.withNodes(all).withWeights(weights)).withOutputs(List.of(logits));
    }

    /** How many values a row has. */
    static int outputs(Graph headed) {
        Array bias = headed.weights().get(ClassifierHead.BIAS);
        if (bias == null) {
            throw new GraphException("The graph has no linear head: there is no weight " + ClassifierHead.BIAS);
        }
        return Math.toIntExact(bias.elements());
    }
}
