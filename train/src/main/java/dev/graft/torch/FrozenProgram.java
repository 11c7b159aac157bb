package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program for runs that never learn: constants are narrowed once, not at each run.
 *
 * <pre>
 * n = Narrow(w)   where w is a constant  ⇒  n is a constant, and w goes where nothing else reads it
 * </pre>
 *
 * @param program the steps that are left; of its constants it knows those of whole numbers alone, so that the file that a
 *     model was read from is not held
 * @param constants all constants that the steps read as they are, by slot
 * @param narrowed the constants that they read in bfloat16, by the slot of the narrow form
 * @param packed those of the narrow ones that are laid out for a linear layer, by the same slot
 */
record FrozenProgram(
        Program program,
        Map<Integer, Array> constants,
        Map<Integer, Array> narrowed,
        Map<Integer, PackedLinear> packed) {

    private static final Array UNKNOWN = Array.of(new float[0], 0);

    /**
     * The frozen form of a program.
     *
     * @param graph of which it was made
     * @param packs whether linear layers are laid out for this processor, where it has such layouts
     */
    static FrozenProgram of(Program whole, Graph graph, boolean packs) {
        var narrowed = new LinkedHashMap<Integer, Array>();
        var steps = new ArrayList<Program.Step>();
        Set<Integer> read = new HashSet<>();
        graph.outputs().forEach(output -> read.add(whole.slot(output.name())));
        for (Program.Step step : whole.serving()) {
            Array constant =
                    narrows(step.node()) ? whole.constants().get(step.operands().get(0)) : null;
            if (constant == null) {
                steps.add(step);
                Links.readings(step.node()).forEach(name -> read.add(whole.slot(name)));
            } else {
                narrowed.put(step.results().get(0), constant);
            }
        }
        Map<Integer, Array> constants = new LinkedHashMap<>(whole.constants());
        constants.keySet().retainAll(read);
        if (packs && PackedLinear.available()) {
            var layers = new PackedSteps(whole, steps, narrowed);
            Program program = with(layers.steps(), whole, constants, bare(graph));
            return new FrozenProgram(program, constants, narrowed, layers.packed());
        }
        return new FrozenProgram(with(steps, whole, constants, bare(graph)), constants, narrowed, Map.of());
    }

    /** Whether a node makes bfloat16 of what it reads. */
    static boolean narrows(Node node) {
        return node.domain().equals(FusedOperators.DOMAIN) && node.operator().equals(FusedOperators.NARROW);
    }

    private static Program with(List<Program.Step> steps, Program whole, Map<Integer, Array> constants, Graph bare) {
        var wholeNumbers = new HashMap<Integer, Array>();
        constants.forEach((slot, array) -> {
            if (!array.type().isFloating() && array.type() != ElementType.STRING) {
                wholeNumbers.put(slot, copy(array));
            }
        });
        return new Program(
                bare.main(),
                whole.slots(),
                whole.slotOf(),
                wholeNumbers,
                whole.captured(),
                steps,
                steps,
                new NodeNames(bare));
    }

    private static Array copy(Array array) {
        ByteBuffer bytes = array.bytes();
        return Array.of(
                array.type(),
                array.shape(),
                Array.allocate(bytes.remaining()).put(bytes).flip());
    }

    /** The graph without the content of its constants, by which errors name nodes. */
    private static Graph bare(Graph graph) {
        Map<String, Array> weights = new LinkedHashMap<>();
        graph.weights().keySet().forEach(name -> weights.put(name, UNKNOWN));
        var nodes = new ArrayList<Node>();
        for (Node node : graph.nodes()) {
            if (ConstantNodes.of(node).isPresent()) {
                weights.put(node.output(), UNKNOWN);
            } else {
                nodes.add(node);
            }
        }
        return graph.withNodes(nodes, weights);
    }
}
