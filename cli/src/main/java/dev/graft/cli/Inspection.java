package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.graph.Functions;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphSummary;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.LiftConstants;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.MultiplyAdds;
import dev.graft.torch.TorchSettings;
import dev.graft.torch.Trainability;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code graft inspect} finds; with {@code --json} this is the answer.
 *
 * @param producer who wrote the file, as it says itself
 * @param opset the version of ONNX's own operator set
 * @param opsets the version of each operator set by domain
 * @param functions how many operators the model defines itself; they are looked into wherever they are called
 * @param inputs type and shape by name, in the model's order
 * @param outputs type and shape by name, in the model's order
 * @param operators nodes by operator, bodies included
 * @param weights of all element types together; constants that act as weights included
 * @param weightTypes the same by element type
 * @param blocks how many repeated blocks there are
 * @param depths what the learnable weights at each depth come to
 */
record Inspection(
        String producer,
        long opset,
        Map<String, Long> opsets,
        int functions,
        Map<String, String> inputs,
        Map<String, String> outputs,
        int nodes,
        Map<String, Integer> operators,
        GraphSummary.Weights weights,
        Map<String, GraphSummary.Weights> weightTypes,
        List<GraphSummary.Weight> largest,
        Work multiplyAdds,
        int blocks,
        Map<Integer, GraphSummary.Weights> depths,
        Trainability training) {

    /**
     * What one run takes.
     *
     * @param shapes of the inputs that were run
     * @param assumed named dimensions that were taken as 1
     * @param problem why nothing could be counted; empty where it could
     */
    record Work(
            Map<String, List<Long>> shapes,
            Set<String> assumed,
            long total,
            Map<String, Long> byOperator,
            String problem) {}

    /** Looks into a graph. */
    static Inspection of(Graph graph, List<String> shapes, TorchSettings settings) {
        GraphSummary whole = GraphSummary.of(graph);
        Graph plain = new LiftConstants().apply(Functions.inline(graph));
        GraphSummary summary = GraphSummary.of(plain);
        Trainability training = Trainability.of(plain);
        return new Inspection(
                (graph.header().producerName() + " " + graph.header().producerVersion()).strip(),
                graph.opset(),
                graph.opsets(),
                graph.functions().size(),
                types(whole.inputs()),
                types(whole.outputs()),
                whole.nodes(),
                whole.operators(),
                summary.total(),
                byName(summary.weights()),
                summary.largest(),
                work(plain, SampleInputs.of(graph, shapes), training, settings),
                summary.blocks(),
                summary.depths(),
                training);
    }

    private static Map<String, String> types(List<ValueInfo> values) {
        Map<String, String> types = new LinkedHashMap<>();
        values.forEach(value -> types.put(value.name(), GraphSummary.shape(value)));
        return Collections.unmodifiableMap(types);
    }

    private static Map<String, GraphSummary.Weights> byName(Map<ElementType, GraphSummary.Weights> weights) {
        Map<String, GraphSummary.Weights> named = new LinkedHashMap<>();
        weights.forEach((type, sum) -> named.put(type.text(), sum));
        return Collections.unmodifiableMap(named);
    }

    private static Work work(Graph graph, SampleInputs sample, Trainability training, TorchSettings settings) {
        if (!training.missing().isEmpty()) {
            return none(sample, "operators are missing, see below");
        }
        Optional<Map<String, Array>> inputs = sample.arrays(graph);
        if (inputs.isEmpty()) {
            return none(sample, "an input declares no shape; --shape NAME=SIZE,SIZE,… gives one");
        }
        try {
            MultiplyAdds found = MultiplyAdds.of(graph, inputs.get(), settings);
            return new Work(sample.shapes(), sample.assumed(), found.total(), found.byOperator(), "");
        } catch (GraftException e) {
            return none(sample, "the model does not run on zeros of these shapes: " + e.getMessage());
        }
    }

    private static Work none(SampleInputs sample, String problem) {
        return new Work(sample.shapes(), sample.assumed(), 0, Map.of(), problem);
    }
}
