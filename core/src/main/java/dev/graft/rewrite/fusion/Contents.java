package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The content of a node's first result, where that is a scalar or vector of whole numbers or truth values. */
final class Contents {
    private static final Set<ElementType> WIDE =
            Set.of(ElementType.INT64, ElementType.INT32, ElementType.FLOAT, ElementType.DOUBLE);

    private static final Set<ElementType> COUNTED = Set.of(ElementType.INT64, ElementType.INT32, ElementType.BOOL);

    private Contents() {}

    static Optional<List<Size>> of(Node node, Facts facts) {
        return switch (node.operator()) {
            case "Shape" -> facts.shape(node.input(0)).map(shape -> ofShape(node, shape));
            case "Identity", "Unsqueeze", "Squeeze", "Reshape" -> flat(node, facts);
            case "Cast" -> cast(node, facts);
            case "Gather" -> gathered(node, facts);
            case "Slice" -> sliced(node, facts);
            case "Concat" -> concatenated(node, facts);
            case "ConstantOfShape" -> filled(node, facts);
            case "Not" ->
                facts.content(node.input(0))
                        .map(truths -> truths.stream()
                                .map(truth -> Size.of(1 - truth.factor()))
                                .toList());
            case "Add", "Sub", "Mul", "Div", "Equal", "Where" -> elementwise(node, facts);
            default -> Optional.empty();
        };
    }

    private static List<Size> ofShape(Node node, List<Size> shape) {
        int from = (int) Layout.bound(node.whole("start", 0), shape.size());
        int to = (int) Layout.bound(node.whole("end", shape.size()), shape.size());
        return shape.subList(from, Math.max(from, to));
    }

    private static Optional<List<Size>> flat(Node node, Facts facts) {
        boolean flat =
                facts.shape(node.output()).filter(shape -> shape.size() <= 1).isPresent();
        return facts.content(node.input(0)).filter(content -> flat);
    }

    private static Optional<List<Size>> cast(Node node, Facts facts) {
        Optional<ElementType> type = facts.type(node.output());
        if (type.filter(ElementType.BOOL::equals).isPresent()) {
            return flat(node, facts)
                    .filter(content -> content.stream().allMatch(Size::isFixed))
                    .map(content -> content.stream()
                            .map(size -> Size.of(size.is(0) ? 0 : 1))
                            .toList());
        }
        return type.filter(WIDE::contains).isPresent() ? flat(node, facts) : Optional.empty();
    }

    private static Optional<List<Size>> gathered(Node node, Facts facts) {
        Optional<List<Size>> data = facts.content(node.input(0));
        Optional<List<Size>> indices = facts.content(node.input(1));
        if (data.isEmpty() || indices.isEmpty()) {
            return Optional.empty();
        }
        List<Size> picked = new ArrayList<>();
        for (Size index : indices.get()) {
            int count = data.get().size();
            if (!index.isFixed() || index.factor() >= count || index.factor() < -count) {
                return Optional.empty();
            }
            picked.add(data.get().get((int) Math.floorMod(index.factor(), (long) count)));
        }
        return Optional.of(picked);
    }

    private static Optional<List<Size>> sliced(Node node, Facts facts) {
        Optional<Size> start = single(node, facts, 1, "starts");
        Optional<Size> end = single(node, facts, 2, "ends");
        boolean steps = node.has(4)
                && facts.content(node.input(4)).filter(Size.listOf(1)::equals).isEmpty();
        if (start.isEmpty() || end.isEmpty() || steps) {
            return Optional.empty();
        }
        return facts.content(node.input(0)).map(content -> {
            int from = (int) Layout.bound(start.get().factor(), content.size());
            int to = (int) Layout.bound(end.get().factor(), content.size());
            return content.subList(from, Math.max(from, to));
        });
    }

    private static Optional<Size> single(Node node, Facts facts, int operand, String attribute) {
        Optional<List<Size>> bounds = node.has(operand)
                ? facts.content(node.input(operand))
                : Optional.of(
                        node.wholes(attribute, List.of()).stream().map(Size::of).toList());
        return bounds.filter(list -> list.size() == 1 && list.get(0).isFixed()).map(list -> list.get(0));
    }

    private static Optional<List<Size>> concatenated(Node node, Facts facts) {
        List<Size> all = new ArrayList<>();
        for (String operand : node.inputs()) {
            Optional<List<Size>> content = facts.content(operand);
            if (content.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(content.get());
        }
        return Optional.of(all);
    }

    private static Optional<List<Size>> filled(Node node, Facts facts) {
        Optional<Size> value = node.array("value")
                .filter(array -> COUNTED.contains(array.type()) && array.elements() == 1)
                .map(Array::longs)
                .map(values -> Size.of(values[0]));
        return facts.content(node.input(0))
                .filter(shape -> shape.size() == 1 && shape.get(0).isFixed())
                .filter(shape -> shape.get(0).factor() >= 0 && shape.get(0).factor() <= Facts.LONGEST_CONTENT)
                .flatMap(shape ->
                        value.map(size -> Collections.nCopies((int) shape.get(0).factor(), size)));
    }

    private static Optional<List<Size>> elementwise(Node node, Facts facts) {
        List<List<Size>> operands = node.inputs().stream()
                .flatMap(operand -> facts.content(operand).stream())
                .toList();
        boolean real = node.inputs().stream()
                .anyMatch(operand ->
                        facts.type(operand).filter(type -> !type.isFloating()).isEmpty());
        if (operands.size() < 2 || operands.size() != node.inputs().size() || real) {
            return Optional.empty();
        }
        int count = operands.stream().mapToInt(List::size).max().orElse(0);
        List<Size> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = i;
            List<Size> row = operands.stream()
                    .map(operand -> operand.get(operand.size() == 1 ? 0 : place))
                    .toList();
            Optional<Size> result = apply(node.operator(), row);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(result.get());
        }
        return Optional.of(results);
    }

    private static Optional<Size> apply(String operator, List<Size> row) {
        Size a = row.get(0);
        Size b = row.get(1);
        boolean fixed = Stream.of(a, b).allMatch(Size::isFixed);
        return switch (operator) {
            case "Mul" -> Optional.of(a.times(b));
            case "Div" -> a.over(b);
            case "Add" -> fixed ? Optional.of(Size.of(a.factor() + b.factor())) : Optional.empty();
            case "Sub" -> fixed ? Optional.of(Size.of(a.factor() - b.factor())) : Optional.empty();
            case "Equal" -> equal(a, b);
            case "Where" -> a.isFixed() ? Optional.of(row.get(a.is(0) ? 2 : 1)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Whether two sizes are equal; a size that is only named is still never negative. */
    private static Optional<Size> equal(Size a, Size b) {
        if (a.equals(b)) {
            return Optional.of(Size.of(1));
        }
        boolean differ =
                a.isFixed() && b.isFixed() || isNegative(a) && !isNegative(b) || isNegative(b) && !isNegative(a);
        return differ ? Optional.of(Size.of(0)) : Optional.empty();
    }

    private static boolean isNegative(Size size) {
        return size.isFixed() && size.factor() < 0;
    }
}
