package dev.graft.torch;

import static dev.graft.rewrite.fusion.FusedOperators.DOMAIN;
import static dev.graft.rewrite.fusion.FusedOperators.NORMALIZED_CONVOLUTION;

import dev.graft.graph.Attribute;
import dev.graft.graph.Extras;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of runs that do not learn: one step takes the place of a convolution and the batch normalisation after it.
 *
 * <p>A normalisation by known statistics is a factor and a summand a channel, so the two are one convolution with other
 * kernels. All that makes these must be constants of the graph, and nobody else may read the convolution's result.
 */
final class ServingSteps {
    private static final int BIAS = 2;

    private final Binding binding;
    private final Map<Integer, Array> constants;
    private final Map<Integer, Program.Step> makers = new HashMap<>();
    private final Map<Integer, Integer> readers = new HashMap<>();

    private ServingSteps(Binding binding, Map<Integer, Array> constants) {
        this.binding = binding;
        this.constants = constants;
    }

    static List<Program.Step> of(List<Program.Step> steps, Binding binding, Map<Integer, Array> constants) {
        return new ServingSteps(binding, constants).joined(steps);
    }

    private List<Program.Step> joined(List<Program.Step> steps) {
        for (Program.Step step : steps) {
            step.results().forEach(slot -> makers.put(slot, step));
            step.operands().forEach(slot -> readers.merge(slot, 1, Integer::sum));
        }
        var norms = new IdentityHashMap<Program.Step, Program.Step>();
        steps.forEach(step -> convolution(step).ifPresent(before -> norms.put(before, step)));
        Set<Program.Step> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        gone.addAll(norms.values());
        return steps.stream()
                .filter(step -> !gone.contains(step))
                .map(step -> norms.containsKey(step) ? join(step, norms.get(step)) : step)
                .toList();
    }

    /** The convolution that a step normalises, if the two can be one. */
    private Optional<Program.Step> convolution(Program.Step step) {
        Node node = step.node();
        boolean plain = node.is("BatchNormalization")
                && node.outputs().size() == 1
                && node.whole("training_mode", 0) == 0
                && node.whole("spatial", 1) != 0
                && step.operands().size() == 5;
        return plain
                ? Optional.ofNullable(makers.get(step.operands().get(0)))
                        .filter(before ->
                                before.node().is("Conv") && before.operands().size() >= BIAS)
                        .filter(before -> isReadOnce(before.results().get(0)) && fits(before, step))
                : Optional.empty();
    }

    /** An operand that dies with its only reader is neither an output nor read by a body. */
    private boolean isReadOnce(int slot) {
        return readers.getOrDefault(slot, 0) == 1;
    }

    private boolean fits(Program.Step convolution, Program.Step norm) {
        Array kernels = constants.get(convolution.operands().get(1));
        return norm.dead().contains(norm.operands().get(0))
                && kernels != null
                && kernels.type() == ElementType.FLOAT
                && kernels.rank() >= 3
                && Stream.concat(
                                convolution.operands().stream().skip(BIAS).filter(slot -> slot != Program.NONE),
                                norm.operands().stream().skip(1))
                        .allMatch(slot -> isVector(constants.get(slot), kernels.size(0)));
    }

    private static boolean isVector(@Nullable Array array, long size) {
        return array != null && array.type() == ElementType.FLOAT && Arrays.equals(array.shape(), new long[] {size});
    }

    private Program.Step join(Program.Step convolution, Program.Step norm) {
        Node node = node(convolution.node(), norm.node());
        var operands = new ArrayList<>(convolution.operands());
        if (operands.size() == BIAS) {
            operands.add(Program.NONE);
        }
        operands.addAll(norm.operands().subList(1, norm.operands().size()));
        var dead = new ArrayList<>(convolution.dead());
        dead.addAll(norm.dead());
        return new Program.Step(
                node, binding.operator(node), List.copyOf(operands), norm.results(), List.copyOf(dead), Map.of());
    }

    private static Node node(Node convolution, Node norm) {
        var inputs = new ArrayList<>(convolution.inputs());
        if (inputs.size() == BIAS) {
            inputs.add("");
        }
        inputs.addAll(norm.inputs().subList(1, norm.inputs().size()));
        var attributes = new HashMap<String, Attribute>(convolution.attributes());
        norm.attribute("epsilon", Attribute.Real.class).ifPresent(epsilon -> attributes.put("epsilon", epsilon));
        return new Node(
                convolution.name(), NORMALIZED_CONVOLUTION, DOMAIN, inputs, norm.outputs(), attributes, Extras.NONE);
    }
}
