package dev.graft.torch;

import dev.graft.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many multiplications each operator takes that is a product at heart, by the shapes of its operands. */
final class Products {
    private Products() {}

    /** The multiplications of one execution of a node; 0 for operators that are no products. */
    static long multiplyAdds(Node node, List<long[]> operands, List<long[]> results) {
        long[] result = results.isEmpty() ? new long[0] : results.get(0);
        return switch (node.operator()) {
            case "MatMul", "MatMulInteger", "QLinearMatMul", "FusedMatMul" ->
                elements(result) * depth(node, operands.get(0));
            case "Gemm", "QGemm" -> elements(result) * operands.get(0)[node.whole("transA", 0) == 0 ? 1 : 0];
            case "Conv", "ConvInteger", "DeformConv", "FusedConv" -> elements(result) * window(operands.get(1));
            case "QLinearConv" -> elements(result) * window(operands.get(3));
            case "ConvTranspose" -> elements(operands.get(0)) * window(operands.get(1));
            case "LSTM", "GRU", "RNN" -> recurrence(operands);
            case "Einsum" -> contraction(node.text("equation", ""), operands);
            case "Attention" -> node.domain().isEmpty() ? attention(operands, 4, result) : packed(operands, result);
            case "MultiHeadAttention" -> attention(operands, 6, result);
            default -> 0;
        };
    }

    /** What is summed over in a product: the last size of its first operand. */
    private static long depth(Node node, long[] shape) {
        boolean transposed = node.whole("transA", 0) != 0 && shape.length > 1;
        return shape[shape.length - (transposed ? 2 : 1)];
    }

    /** The multiplications for each output of a convolution: a weight is [outputs, inputs of a group, window...]. */
    private static long window(long[] weight) {
        return weight.length == 0 ? 0 : elements(weight) / Math.max(1, weight[0]);
    }

    /** Every step multiplies its input by W and the state by R, in each direction. */
    private static long recurrence(List<long[]> operands) {
        long[] x = operands.get(0);
        return x[0] * x[1] * (elements(operands.get(1)) + elements(operands.get(2)));
    }

    /** Queries with keys, then weights with values, over all positions that can be attended to. */
    private static long attention(List<long[]> operands, int past, long[] result) {
        long[] queries = operands.get(0);
        long[] keys = operands.size() > 1 ? operands.get(1) : queries;
        long[] before = past < operands.size() ? operands.get(past) : new long[0];
        long positions = switch (keys.length) {
            case 3 -> keys[1];
            case 4 -> keys[2];
            default -> queries[1]; // queries, keys and values lie in one operand
        };
        positions += before.length == 4 ? before[2] : 0;
        return 2 * elements(result) * positions;
    }

    /** Attention that holds its own projection: {@code com.microsoft.Attention}, input [batch, length, width]. */
    private static long packed(List<long[]> operands, long[] result) {
        long[] input = operands.get(0);
        return input[0] * input[1] * elements(operands.get(1)) + 2 * elements(result) * input[1];
    }

    /** The product of the sizes of all indices, once for each operand after the first. */
    private static long contraction(String equation, List<long[]> operands) {
        Map<Character, Long> sizes = new HashMap<>();
        String[] terms = equation.replace(" ", "").split("->", -1)[0].split(",", -1);
        long others = 1;
        for (int i = 0; i < terms.length; i++) {
            String letters = terms[i].replace("...", "");
            long[] shape = operands.get(i);
            int start = terms[i].indexOf("...");
            int skipped = shape.length - letters.length();
            for (int j = 0; j < letters.length(); j++) {
                sizes.put(letters.charAt(j), shape[start >= 0 && j >= start ? j + skipped : j]);
            }
            others = Math.max(
                    others, start < 0 ? 1 : elements(java.util.Arrays.copyOfRange(shape, start, start + skipped)));
        }
        long all = sizes.values().stream().reduce(others, Math::multiplyExact);
        return all * (terms.length - 1);
    }

    private static long elements(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }
}
