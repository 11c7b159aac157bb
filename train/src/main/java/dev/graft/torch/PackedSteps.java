package dev.graft.torch;

import dev.graft.graph.Links;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts {@link PackedLinear} in the place of the linear layers whose weights are constants in bfloat16. */
final class PackedSteps {
    private final Program whole;
    private final Map<Integer, Array> narrowed;
    private final Map<Integer, List<Program.Step>> readers = new HashMap<>();

    /** The layers by the slot of their weight. */
    private final Map<Integer, PackedLinear> packed = new HashMap<>();

    private final List<Program.Step> steps = new ArrayList<>();

    /** @param narrowed the constants in bfloat16 by slot */
    PackedSteps(Program whole, List<Program.Step> given, Map<Integer, Array> narrowed) {
        this.whole = whole;
        this.narrowed = narrowed;
        given.forEach(step -> Links.readings(step.node())
                .forEach(name -> readers.computeIfAbsent(whole.slot(name), slot -> new ArrayList<>())
                        .add(step)));
        Set<Program.Step> joined = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Program.Step step : given) {
            if (!joined.contains(step)) {
                layer(step).ifPresentOrElse(layer -> joined.addAll(pack(step, layer)), () -> steps.add(step));
            }
        }
    }

    /** Puts a layer in the place of a step; gives the steps behind it that are part of it. */
    private List<Program.Step> pack(Program.Step step, PackedLinear layer) {
        packed.put(step.operands().get(1), layer);
        Optional<Program.Step> gelu = gelu(step);
        if (gelu.isEmpty()) {
            steps.add(with(step, step.results(), step.dead(), layer.operator()));
            return List.of();
        }
        Program.Step behind = gelu.get();
        var dead = new ArrayList<>(step.dead());
        dead.addAll(behind.dead());
        steps.add(with(step, behind.results(), dead, layer.operator(behind.node())));
        return List.of(behind);
    }

    List<Program.Step> steps() {
        return List.copyOf(steps);
    }

    Map<Integer, PackedLinear> packed() {
        return Map.copyOf(packed);
    }

    /** The layer of a step, if all that read its weight are the same layer over other rows. */
    private Optional<PackedLinear> layer(Program.Step step) {
        if (!PackedLinear.isLinear(step.node())) {
            return Optional.empty();
        }
        int slot = step.operands().get(1);
        return floats(slot, 2)
                .map(weight -> PackedLinear.of(step.node(), weight))
                .filter(layer -> !isOutput(slot)
                        && readers.getOrDefault(slot, List.of()).stream()
                                .allMatch(reader -> reads(reader, slot, layer)));
    }

    private boolean reads(Program.Step step, int slot, PackedLinear layer) {
        return PackedLinear.isLinear(step.node())
                && step.operands().indexOf(slot) == 1
                && step.operands().lastIndexOf(slot) == 1
                && floats(slot, 2)
                        .filter(weight -> PackedLinear.of(step.node(), weight).equals(layer))
                        .isPresent()
                && biased(step, layer.outer());
    }

    private boolean biased(Program.Step step, long outer) {
        return step.operands().size() < 3
                || step.operands().get(2) == Program.NONE
                || floats(step.operands().get(2), 1)
                        .filter(bias -> bias.size(0) == outer)
                        .isPresent();
    }

    private Optional<Array> floats(int slot, int rank) {
        return Optional.ofNullable(narrowed.get(slot))
                .filter(array -> array.type() == ElementType.FLOAT && array.rank() == rank && array.elements() > 0);
    }

    private boolean isOutput(int slot) {
        return whole.block().outputs().stream().anyMatch(output -> whole.slot(output.name()) == slot);
    }

    /** The activation that alone reads what a step computes. */
    private Optional<Program.Step> gelu(Program.Step step) {
        int result = step.results().get(0);
        List<Program.Step> behind = readers.getOrDefault(result, List.of());
        return behind.size() == 1
                        && PackedLinear.isGelu(behind.get(0).node())
                        && behind.get(0).dead().contains(result)
                ? Optional.of(behind.get(0))
                : Optional.empty();
    }

    private static Program.Step with(
            Program.Step step, List<Integer> results, List<Integer> dead, OpTable.Operator operator) {
        return new Program.Step(step.node(), operator, step.operands(), results, List.copyOf(dead), step.bodies());
    }
}
