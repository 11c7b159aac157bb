package dev.graft.rewrite.fusion;

import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.Optional;

/** Arithmetic on single numbers as ONNX defines it for float32. */
final class Scalars {
    private Scalars() {}

    /** The result of an operator on one operand {@code a}, or on two; empty where the operator is not among these. */
    static Optional<Float> apply(Node node, float a, float b) {
        return switch (node.operator()) {
            case "Cast" -> node.whole("to", 0) == ElementType.FLOAT.code() ? Optional.of(a) : Optional.empty();
            case "Sqrt" -> Optional.of((float) Math.sqrt(a));
            case "Neg" -> Optional.of(-a);
            case "Reciprocal" -> Optional.of(1 / a);
            case "Add" -> Optional.of(a + b);
            case "Sub" -> Optional.of(a - b);
            case "Mul" -> Optional.of(a * b);
            case "Div" -> Optional.of(a / b);
            case "Pow" -> Optional.of((float) Math.pow(a, b));
            default -> Optional.empty();
        };
    }

    /** Whole numbers as an array of a type; empty for types that exporters do not count in. */
    static Optional<Array> array(long[] numbers, ElementType type, long... shape) {
        return switch (type) {
            case INT64 -> Optional.of(Array.of(numbers, shape));
            case INT32 -> {
                int[] narrow = new int[numbers.length];
                java.util.Arrays.setAll(narrow, i -> (int) numbers[i]);
                yield Optional.of(Array.of(narrow, shape));
            }
            case BOOL -> {
                boolean[] truths = new boolean[numbers.length];
                for (int i = 0; i < truths.length; i++) {
                    truths[i] = numbers[i] != 0;
                }
                yield Optional.of(Array.of(truths, shape));
            }
            case FLOAT -> {
                float[] reals = new float[numbers.length];
                for (int i = 0; i < reals.length; i++) {
                    reals[i] = numbers[i];
                }
                yield Optional.of(Array.of(reals, shape));
            }
            default -> Optional.empty();
        };
    }
}
