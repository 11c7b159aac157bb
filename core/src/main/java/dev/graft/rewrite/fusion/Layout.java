package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shapes of results that join, cut or count. */
final class Layout {
    private Layout() {}

    static Optional<List<Size>> rank(Node node, Facts facts) {
        return Contents.of(node, facts).map(sizes -> Size.listOf(sizes.size()));
    }

    static Optional<List<Size>> concatenated(Node node, Facts facts) {
        List<Size> result = new ArrayList<>();
        for (String operand : node.inputs()) {
            Optional<List<Size>> shape = facts.shape(operand);
            if (shape.isEmpty() || shape.get().isEmpty()) {
                return Optional.empty();
            }
            int axis = (int)
                    Math.floorMod(node.whole("axis", 0), (long) shape.get().size());
            if (result.isEmpty()) {
                result.addAll(shape.get());
                continue;
            }
            if (shape.get().size() != result.size()) {
                return Optional.empty();
            }
            Size sum = result.get(axis);
            Size more = shape.get().get(axis);
            result.set(
                    axis,
                    sum.isFixed() && more.isFixed()
                            ? Size.of(sum.factor() + more.factor())
                            : Facts.unknown(node, axis));
        }
        return Optional.of(result);
    }

    static Optional<List<Size>> tiled(Node node, Facts facts) {
        return facts.shape(node.input(0))
                .flatMap(shape -> facts.content(node.input(1))
                        .filter(times -> times.size() == shape.size())
                        .map(times -> {
                            List<Size> result = new ArrayList<>();
                            for (int axis = 0; axis < shape.size(); axis++) {
                                result.add(shape.get(axis).times(times.get(axis)));
                            }
                            return result;
                        }));
    }

    static Optional<List<Size>> range(Node node, Facts facts) {
        boolean counts = facts.content(node.input(0))
                        .filter(Size.listOf(0)::equals)
                        .isPresent()
                && facts.content(node.input(2)).filter(Size.listOf(1)::equals).isPresent();
        return facts.content(node.input(1))
                .filter(limit -> counts && limit.size() == 1 && limit.get(0).factor() >= 0);
    }

    static Optional<List<Size>> sliced(Node node, Facts facts) {
        Optional<List<Size>> shape = facts.shape(node.input(0));
        Optional<List<Size>> starts = bounds(node, facts, 1, "starts");
        Optional<List<Size>> ends = bounds(node, facts, 2, "ends");
        if (shape.isEmpty() || starts.isEmpty() || ends.isEmpty()) {
            return Optional.empty();
        }
        boolean hasAxes = node.has(3) || !node.wholes("axes", List.of()).isEmpty();
        Optional<List<Integer>> named = Shapes.axes(node, facts, 3, shape.get().size());
        List<Size> result = new ArrayList<>(shape.get());
        for (int i = 0; i < starts.get().size(); i++) {
            if (named.isEmpty()) {
                return Optional.empty();
            }
            int axis = hasAxes ? named.get().get(i) : i;
            result.set(
                    axis,
                    step(node, facts, i)
                            ? slice(
                                    node,
                                    axis,
                                    result.get(axis),
                                    starts.get().get(i),
                                    ends.get().get(i),
                                    facts)
                            : Facts.unknown(node, axis));
        }
        return Optional.of(result);
    }

    private static boolean step(Node node, Facts facts, int index) {
        return !node.has(4)
                || facts.content(node.input(4))
                        .filter(steps -> steps.get(index).is(1))
                        .isPresent();
    }

    private static Optional<List<Size>> bounds(Node node, Facts facts, int operand, String attribute) {
        return node.has(operand)
                ? facts.content(node.input(operand))
                : Optional.of(
                        node.wholes(attribute, List.of()).stream().map(Size::of).toList());
    }

    private static Size slice(Node node, int axis, Size size, Size start, Size end, Facts facts) {
        if (size.isFixed() && start.isFixed() && end.isFixed()) {
            long count = bound(end.factor(), size.factor()) - bound(start.factor(), size.factor());
            return Size.of(Math.max(0, count));
        }
        if (!start.is(0)) {
            return Facts.unknown(node, axis);
        }
        if (size.equals(end) || end.is(Long.MAX_VALUE)) {
            return size;
        }
        boolean caps = size.isFixed() && size.factor() >= 2 && !end.isFixed();
        return caps ? facts.atMost(size.factor(), end) : Facts.unknown(node, axis);
    }

    /** A slice's bound within 0 … length; negative numbers count from the end. */
    static long bound(long bound, long length) {
        long fromStart = bound < 0 ? bound + length : bound;
        return Math.max(0, Math.min(length, fromStart));
    }
}
