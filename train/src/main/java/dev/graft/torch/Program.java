package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.graph.Block;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A block made ready to run: every value has a slot, every node its operator, every slot the step that reads it last.
 *
 * @param slots the number of values
 * @param slotOf the slot of each value by name
 * @param constants arrays by slot: weights, and what {@code Constant} nodes hold
 * @param captured names that a body reads from the block around it; empty for a main graph
 * @param steps every node in order
 * @param serving the same for runs that do not learn, where some steps take the place of several nodes
 * @param names how errors name the nodes
 */
record Program(
        Block block,
        int slots,
        Map<String, Integer> slotOf,
        Map<Integer, Array> constants,
        List<String> captured,
        List<Step> steps,
        List<Step> serving,
        NodeNames names) {

    /** An operand that is left out, or a result that nobody wants. */
    static final int NONE = -1;

    /**
     * One node to run.
     *
     * @param operands slots; {@link #NONE} where an operand is left out
     * @param results slots; {@link #NONE} where a result is left out
     * @param dead slots that no later step reads
     * @param bodies the programs of the node's bodies by attribute
     */
    record Step(
            Node node,
            OpTable.Operator operator,
            List<Integer> operands,
            List<Integer> results,
            List<Integer> dead,
            Map<String, Program> bodies) {}

    /** The program of a block; the binding must know all its operators. */
    static Program of(Block block, Binding binding) {
        return new Compiler(block, binding).program();
    }

    int slot(String value) {
        return java.util.Objects.requireNonNull(slotOf.get(value), value);
    }

    /** How errors name a value, with type and shape where it is a constant. */
    String describe(int slot) {
        String name = slotOf.entrySet().stream()
                .filter(entry -> entry.getValue() == slot)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("?");
        Array constant = constants.get(slot);
        return "value '" + name + "'" + (constant == null ? "" : " of " + constant);
    }

    private static final class Compiler {
        private final Block block;
        private final Binding binding;
        private final Map<String, Integer> slotOf = new LinkedHashMap<>();
        private final Map<Integer, Array> constants = new HashMap<>();
        private final Set<String> captured = new LinkedHashSet<>();
        private final List<Node> nodes = new ArrayList<>();

        Compiler(Block block, Binding binding) {
            this.block = block;
            this.binding = binding;
        }

        Program program() {
            block.inputs().forEach(input -> slot(input.name()));
            block.weights().forEach((name, array) -> constants.put(slot(name), array));
            for (Node node : block.nodes()) {
                Links.readings(node).forEach(this::read);
                ConstantNodes.of(node)
                        .ifPresentOrElse(array -> constants.put(slot(node.output()), array), () -> nodes.add(node));
                node.outputs().stream().filter(name -> !name.isEmpty()).forEach(this::slot);
            }
            block.outputs().forEach(output -> read(output.name()));
            List<Step> steps = steps();
            return new Program(
                    block,
                    slotOf.size(),
                    slotOf,
                    constants,
                    List.copyOf(captured),
                    steps,
                    ServingSteps.of(steps, binding, constants),
                    binding.names());
        }

        private void read(String name) {
            if (!slotOf.containsKey(name)) {
                captured.add(name);
                slot(name);
            }
        }

        private int slot(String name) {
            return slotOf.computeIfAbsent(name, key -> slotOf.size());
        }

        private int slotOrNone(String name) {
            return name.isEmpty() ? NONE : slot(name);
        }

        /** Backwards, so that the first reading met of a value is its last. */
        private List<Step> steps() {
            var live = new HashSet<Integer>(constants.keySet());
            block.outputs().stream().map(ValueInfo::name).map(this::slot).forEach(live::add);
            var steps = new Step[nodes.size()];
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                var dead = new ArrayList<Integer>();
                var touched = new LinkedHashSet<>(Links.readings(node));
                touched.addAll(node.outputs());
                touched.stream()
                        .filter(name -> !name.isEmpty())
                        .map(this::slot)
                        .filter(live::add)
                        .forEach(dead::add);
                steps[i] = step(node, dead);
            }
            return Arrays.asList(steps);
        }

        private Step step(Node node, List<Integer> dead) {
            var bodies = new HashMap<String, Program>();
            node.attributes().forEach((name, attribute) -> {
                if (attribute instanceof Attribute.Body body) {
                    bodies.put(name, Program.of(body.value(), binding));
                }
            });
            return new Step(
                    node,
                    binding.operator(node),
                    node.inputs().stream().map(this::slotOrNone).toList(),
                    node.outputs().stream().map(this::slotOrNone).toList(),
                    List.copyOf(dead),
                    Map.copyOf(bodies));
        }
    }
}
