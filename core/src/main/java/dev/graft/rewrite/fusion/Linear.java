package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins a product with a weight of two dimensions and the bias added to it.
 *
 * <pre>
 * Add(MatMul(x, w), b), Add(b, MatMul(x, w))   ⇒  Linear(x, w, b)
 * MatMul(x, w)                                 ⇒  Linear(x, w)
 * MatMul(x, Transpose(w))                      ⇒  Linear(x, w; transposed = 1)
 * Gemm(x, w, b; transB = t)                    ⇒  Linear(x, w, b; transposed = t)
 * </pre>
 */
final class Linear implements Rule {
    private record Weight(String name, boolean transposed) {}

    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (node.is("Gemm")) {
            return gemm(links, node);
        }
        if (node.is("Add")) {
            return biased(links, node, 0).or(() -> biased(links, node, 1));
        }
        return node.is("MatMul") && biasReader(links, node).isEmpty()
                ? weight(links, node).map(weight -> patch(node, weight, List.of(node.input(0), weight.name())))
                : Optional.empty();
    }

    private static Optional<Patch> gemm(Links links, Node node) {
        boolean plain = node.whole("transA", 0) == 0
                && node.real("alpha", 1) == 1
                && node.real("beta", 1) == 1
                && Match.isMatrix(links, node.input(1))
                && (!node.has(2) || Match.isVector(links, node.input(2)));
        Weight weight = new Weight(node.input(1), node.whole("transB", 0) != 0);
        return plain && fits(links, weight, node.input(2))
                ? Optional.of(patch(node, weight, node.inputs()))
                : Optional.empty();
    }

    private static Optional<Patch> biased(Links links, Node sum, int side) {
        String bias = sum.input(1 - side);
        Optional<Node> product = Match.inner(links, sum.input(side), "MatMul");
        return product.flatMap(node -> weight(links, node))
                .filter(weight -> Match.isVector(links, bias) && fits(links, weight, bias))
                .map(weight -> patch(sum, weight, List.of(product.get().input(0), weight.name(), bias)));
    }

    /** The addition that joins a bias to this product. */
    private static Optional<Node> biasReader(Links links, Node product) {
        return links.onlyReader(product.output())
                .filter(reader -> reader.is("Add"))
                .filter(reader -> biased(links, reader, 0)
                        .or(() -> biased(links, reader, 1))
                        .isPresent());
    }

    private static Optional<Weight> weight(Links links, Node product) {
        String right = product.input(1);
        if (Match.isMatrix(links, right)) {
            return Optional.of(new Weight(right, false));
        }
        return links.producer(right, "Transpose")
                .map(transpose -> transpose.input(0))
                .filter(name -> Match.isMatrix(links, name))
                .map(name -> new Weight(name, true));
    }

    private static boolean fits(Links links, Weight weight, String bias) {
        Optional<Array> matrix = Match.weight(links, weight.name());
        Optional<Array> vector = Match.weight(links, bias);
        return vector.isEmpty()
                || matrix.isPresent() && vector.get().size(0) == matrix.get().size(weight.transposed() ? 0 : 1);
    }

    private static Patch patch(Node node, Weight weight, List<String> operands) {
        Map<String, Attribute> attributes =
                weight.transposed() ? Map.of("transposed", new Attribute.Whole(1)) : Map.of();
        return Patch.of(Match.fused(FusedOperators.LINEAR, node, operands, attributes));
    }
}
