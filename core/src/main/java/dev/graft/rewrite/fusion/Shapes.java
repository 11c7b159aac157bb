package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The shape of a node's first result. */
final class Shapes {
    /** Operators whose result has the shape of their first operand. */
    static final Set<String> ALIKE = Set.of(
            "Cast",
            "Sqrt",
            "Erf",
            "Tanh",
            "Exp",
            "Log",
            "Neg",
            "Abs",
            "Sign",
            "Ceil",
            "Floor",
            "Round",
            "Reciprocal",
            "Not",
            "Relu",
            "Sigmoid",
            "Identity");
    /** Operators whose operands broadcast against each other. */
    static final Set<String> BROADCAST = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "And",
            "Or",
            "Where",
            "Min",
            "Max",
            FusedOperators.DROPOUT_ADD);

    private static final Set<String> ALONG_AXES = Set.of(
            "Softmax",
            "LogSoftmax",
            "CumSum",
            "Clip",
            "Dropout",
            "LayerNormalization",
            "Gelu",
            FusedOperators.LAYER_NORM);
    private static final Set<String> REDUCTIONS = Set.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin");

    private Shapes() {}

    /** Whether an operator's result, where it is no truth value, has the type of the first operand. */
    static boolean keepsType(String operator) {
        return ALIKE.contains(operator)
                || ALONG_AXES.contains(operator)
                || REDUCTIONS.contains(operator)
                || BROADCAST.contains(operator);
    }

    static Optional<List<Size>> of(Node node, Facts facts) {
        String operator = node.operator();
        if (ALIKE.contains(operator) || ALONG_AXES.contains(operator)) {
            return facts.shape(node.input(0));
        }
        if (BROADCAST.contains(operator)) {
            return broadcast(node, node.inputs(), facts);
        }
        if (REDUCTIONS.contains(operator)) {
            return reduced(node, facts);
        }
        return switch (operator) {
            case "MatMul" -> product(node, facts);
            case "Gemm", FusedOperators.LINEAR -> linear(node, facts);
            case "Gather" -> gathered(node, facts);
            case "GatherElements" -> facts.shape(node.input(1));
            case "Reshape" -> reshaped(node, facts);
            case "Transpose" -> transposed(node, facts);
            case "Unsqueeze" -> unsqueezed(node, facts);
            case "Squeeze" -> squeezed(node, facts);
            case "Expand" -> expanded(node, facts);
            case "Concat" -> Layout.concatenated(node, facts);
            case "Slice" -> Layout.sliced(node, facts);
            case "Tile" -> Layout.tiled(node, facts);
            case "Range" -> Layout.range(node, facts);
            case "ConstantOfShape" -> facts.content(node.input(0));
            case "Shape" -> Layout.rank(node, facts);
            case FusedOperators.ATTENTION -> attended(node, facts);
            default -> Optional.empty();
        };
    }

    /** The axes of a node as numbers from 0, given as an attribute or as an operand; empty where not known. */
    static Optional<List<Integer>> axes(Node node, Facts facts, int operand, int rank) {
        if (node.has(operand)) {
            return facts.content(node.input(operand))
                    .filter(axes -> axes.stream().allMatch(Size::isFixed))
                    .map(axes -> fromZero(axes.stream().mapToLong(Size::factor), rank));
        }
        List<Long> axes = node.wholes("axes", List.of());
        return Optional.of(fromZero(axes.stream().mapToLong(Long::longValue), rank));
    }

    private static List<Integer> fromZero(LongStream axes, int rank) {
        return axes.mapToObj(axis -> (int) (axis < 0 ? axis + rank : axis)).toList();
    }

    /** The shape that operands broadcast to; a size that depends on the run becomes one of its own. */
    static Optional<List<Size>> broadcast(Node node, List<String> operands, Facts facts) {
        List<Size> result = List.of();
        for (String operand : operands) {
            Optional<List<Size>> shape = facts.shape(operand);
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            result = broadcast(node, result, shape.get(), facts);
        }
        return Optional.of(result);
    }

    /** The shape that two shapes broadcast to. */
    static List<Size> broadcast(Node node, List<Size> a, List<Size> b, Facts facts) {
        int rank = Math.max(a.size(), b.size());
        List<Size> result = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            int place = axis;
            result.add(facts.broadcast(fromEnd(a, rank, axis), fromEnd(b, rank, axis))
                    .orElseGet(() -> Facts.unknown(node, place)));
        }
        return result;
    }

    private static Size fromEnd(List<Size> shape, int rank, int axis) {
        int index = axis - (rank - shape.size());
        return index < 0 ? Size.ONE : shape.get(index);
    }

    private static Optional<List<Size>> reduced(Node node, Facts facts) {
        Optional<List<Size>> shape = facts.shape(node.input(0));
        Optional<List<Integer>> axes =
                shape.flatMap(sizes -> axes(node, facts, 1, sizes.size())).filter(list -> !list.isEmpty());
        if (axes.isEmpty() || node.whole("keepdims", 1) == 0) {
            return Optional.empty();
        }
        List<Size> result = new ArrayList<>(shape.get());
        axes.get().forEach(axis -> result.set(axis, Size.ONE));
        return Optional.of(result);
    }

    private static Optional<List<Size>> product(Node node, Facts facts) {
        List<Size> a = facts.shape(node.input(0)).orElse(List.of());
        List<Size> b = facts.shape(node.input(1)).orElse(List.of());
        if (a.size() < 2 || b.size() < 2) {
            return Optional.empty();
        }
        List<Size> result =
                new ArrayList<>(broadcast(node, a.subList(0, a.size() - 2), b.subList(0, b.size() - 2), facts));
        result.add(a.get(a.size() - 2));
        result.add(b.get(b.size() - 1));
        return Optional.of(result);
    }

    private static Optional<List<Size>> linear(Node node, Facts facts) {
        List<Size> x = facts.shape(node.input(0)).orElse(List.of());
        List<Size> weight = facts.shape(node.input(1)).orElse(List.of());
        if (x.isEmpty() || weight.size() != 2 || node.whole("transA", 0) != 0) {
            return Optional.empty();
        }
        boolean transposed = node.whole("transB", node.whole("transposed", 0)) != 0;
        List<Size> result = new ArrayList<>(x);
        result.set(x.size() - 1, weight.get(transposed ? 0 : 1));
        return Optional.of(result);
    }

    private static Optional<List<Size>> attended(Node node, Facts facts) {
        if (!node.domain().equals(FusedOperators.DOMAIN)) {
            return JoinedAttention.shape(node, facts);
        }
        return facts.shape(node.input(0))
                .filter(q -> q.size() == 3)
                .flatMap(q -> facts.shape(node.input(2)).map(v -> List.of(q.get(0), q.get(1), v.get(2))));
    }

    private static Optional<List<Size>> gathered(Node node, Facts facts) {
        Optional<List<Size>> data = facts.shape(node.input(0)).filter(shape -> !shape.isEmpty());
        return data.flatMap(from -> facts.shape(node.input(1)).map(indices -> {
            int axis = (int) Math.floorMod(node.whole("axis", 0), (long) from.size());
            List<Size> result = new ArrayList<>(from.subList(0, axis));
            result.addAll(indices);
            result.addAll(from.subList(axis + 1, from.size()));
            return result;
        }));
    }

    private static Optional<List<Size>> reshaped(Node node, Facts facts) {
        return facts.content(node.input(1)).map(target -> {
            List<Size> from = facts.shape(node.input(0)).orElse(List.of());
            List<Size> result = new ArrayList<>();
            for (int axis = 0; axis < target.size(); axis++) {
                boolean copied = target.get(axis).is(0) && node.whole("allowzero", 0) == 0;
                Size copy = axis < from.size() ? from.get(axis) : Facts.unknown(node, axis);
                result.add(copied ? copy : target.get(axis));
            }
            int open = result.indexOf(Size.of(-1));
            if (open >= 0) {
                result.set(open, Size.ONE);
                Size rest = Size.product(result);
                Size total = Size.product(from);
                result.set(
                        open,
                        from.isEmpty()
                                ? Facts.unknown(node, open)
                                : total.over(rest).orElseGet(() -> Facts.unknown(node, open)));
            }
            return Collections.unmodifiableList(result);
        });
    }

    private static Optional<List<Size>> transposed(Node node, Facts facts) {
        return facts.shape(node.input(0)).map(shape -> {
            List<Long> reversed = IntStream.range(0, shape.size())
                    .mapToObj(axis -> (long) shape.size() - 1 - axis)
                    .toList();
            return node.wholes("perm", reversed).stream()
                    .map(axis -> shape.get(axis.intValue()))
                    .toList();
        });
    }

    private static Optional<List<Size>> unsqueezed(Node node, Facts facts) {
        Optional<List<Size>> shape = facts.shape(node.input(0));
        int added = node.has(1)
                ? facts.content(node.input(1)).map(List::size).orElse(0)
                : node.wholes("axes", List.of()).size();
        return shape.filter(sizes -> added > 0)
                .flatMap(sizes -> axes(node, facts, 1, sizes.size() + added).map(axes -> {
                    List<Size> result = new ArrayList<>(sizes);
                    axes.stream().sorted().forEach(axis -> result.add(axis, Size.ONE));
                    return result;
                }));
    }

    private static Optional<List<Size>> squeezed(Node node, Facts facts) {
        Optional<List<Size>> shape = facts.shape(node.input(0));
        boolean all = !node.has(1) && node.wholes("axes", List.of()).isEmpty();
        if (shape.isPresent() && all) {
            boolean known = shape.get().stream().allMatch(Size::isFixed);
            return shape.filter(sizes -> known)
                    .map(sizes -> sizes.stream().filter(size -> !size.is(1)).toList());
        }
        return shape.flatMap(sizes -> axes(node, facts, 1, sizes.size()).map(axes -> {
            Set<Integer> gone = new HashSet<>(axes);
            return IntStream.range(0, sizes.size())
                    .filter(axis -> !gone.contains(axis))
                    .mapToObj(sizes::get)
                    .toList();
        }));
    }

    private static Optional<List<Size>> expanded(Node node, Facts facts) {
        return facts.shape(node.input(0))
                .flatMap(shape -> facts.content(node.input(1)).map(target -> broadcast(node, shape, target, facts)));
    }
}
