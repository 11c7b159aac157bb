package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Optional;
import java.util.Set;

/** The element type of a node's first result. */
final class Types {
    private static final Set<String> TRUTH = Set.of(
            "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf");
    private static final Set<String> COUNTS = Set.of("Shape", "Size", "NonZero", "ArgMax", "ArgMin");
    private static final Set<String> MOVED = Set.of(
            "Reshape",
            "Transpose",
            "Unsqueeze",
            "Squeeze",
            "Expand",
            "Concat",
            "Slice",
            "Gather",
            "GatherElements",
            "Tile",
            "Range",
            "MatMul",
            "Gemm",
            FusedOperators.LINEAR,
            FusedOperators.ATTENTION);

    private Types() {}

    static Optional<ElementType> of(Node node, Facts facts) {
        String operator = node.operator();
        if (TRUTH.contains(operator)) {
            return Optional.of(ElementType.BOOL);
        }
        if (COUNTS.contains(operator)) {
            return Optional.of(ElementType.INT64);
        }
        return switch (operator) {
            case "Cast" -> Optional.of(ElementType.of((int) node.whole("to", ElementType.FLOAT.code())));
            case "Where" -> facts.type(node.input(1));
            case "ConstantOfShape" ->
                Optional.of(node.array("value").map(Array::type).orElse(ElementType.FLOAT));
            default ->
                MOVED.contains(operator) || Shapes.keepsType(operator) ? facts.type(node.input(0)) : Optional.empty();
        };
    }
}
