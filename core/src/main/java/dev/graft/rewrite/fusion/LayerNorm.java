package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Joins layer normalisation over the last axis (Ba et al. 2016).
 *
 * <pre>
 * d = Sub(x, ReduceMean(x)); v = ReduceMean(Pow(d, 2))
 * Add(Mul(Div(d, Sqrt(Add(v, ε))), scale), bias)  ⇒  LayerNorm(x, scale, bias; ε)
 * LayerNormalization(x, scale, bias; axis = last)  ⇒  LayerNorm(x, scale, bias; ε)
 * </pre>
 *
 * <p>The square may be spelled {@code Mul(d, d)}; scale and bias may be missing, and stand on either side.
 */
record LayerNorm(Facts facts) implements Rule {
    private record Normalised(String input, float epsilon) {}

    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (node.is("LayerNormalization")) {
            return joined(links, node);
        }
        if (node.is("Add")) {
            return affine(links, node, "Mul").flatMap(product -> scaled(links, product, node));
        }
        if (node.is("Mul")) {
            return normIsLast(links, node) ? scaled(links, node, node) : Optional.empty();
        }
        boolean bare = node.is("Div") && affineReader(links, node, "Mul").isEmpty();
        return bare ? normalised(links, node).map(norm -> patch(node, norm, List.of(norm.input()))) : Optional.empty();
    }

    private Optional<Patch> joined(Links links, Node node) {
        int rank = facts.shape(node.input(0)).map(List::size).orElse(0);
        long axis = node.whole("axis", -1);
        boolean others = node.outputs().stream()
                .skip(1)
                .anyMatch(output -> !links.readers(output).isEmpty() || links.isOutput(output));
        boolean fits = node.inputs().stream().skip(1).allMatch(vector -> fits(node.input(0), vector));
        return (axis == -1 || axis == rank - 1L) && !others && fits
                ? Optional.of(patch(node, new Normalised(node.input(0), node.real("epsilon", 1e-5f)), node.inputs()))
                : Optional.empty();
    }

    /** The inner node, where a node applies a vector of weights to its result. */
    private static Optional<Node> affine(Links links, Node node, String inner) {
        return node.inputs().stream()
                .filter(input -> Match.besides(node, input)
                        .filter(other -> Match.isVector(links, other))
                        .isPresent())
                .flatMap(input -> Match.inner(links, input, inner).stream())
                .findFirst();
    }

    /** The node that applies a vector of weights to this node's result. */
    private static Optional<Node> affineReader(Links links, Node node, String operator) {
        return links.onlyReader(node.output())
                .filter(reader -> reader.is(operator))
                .filter(reader -> Match.besides(reader, node.output())
                        .filter(other -> Match.isVector(links, other))
                        .isPresent());
    }

    private static boolean normIsLast(Links links, Node product) {
        return affineReader(links, product, "Add").isEmpty();
    }

    private Optional<Patch> scaled(Links links, Node product, Node last) {
        Optional<Node> quotient = affine(links, product, "Div");
        return quotient.flatMap(div -> normalised(links, div)).flatMap(norm -> {
            List<String> operands = new ArrayList<>(List.of(norm.input()));
            Match.besides(product, quotient.get().output()).ifPresent(operands::add);
            if (!last.equals(product)) {
                Match.besides(last, product.output()).ifPresent(operands::add);
            }
            boolean fit = operands.stream().skip(1).allMatch(vector -> fits(norm.input(), vector));
            return fit ? Optional.of(patch(last, norm, operands)) : Optional.empty();
        });
    }

    /** Whether a vector has an element for each element of the last axis; a missing one does. */
    private boolean fits(String value, String vector) {
        List<Size> shape = facts.shape(value).orElse(List.of());
        return vector.isEmpty()
                || !shape.isEmpty()
                        && facts.shape(vector)
                                .filter(List.of(shape.get(shape.size() - 1))::equals)
                                .isPresent();
    }

    private static Patch patch(Node node, Normalised norm, List<String> operands) {
        return Patch.of(Match.fused(
                FusedOperators.LAYER_NORM, node, operands, Map.of("epsilon", new Attribute.Real(norm.epsilon()))));
    }

    private Optional<Normalised> normalised(Links links, Node quotient) {
        Optional<Node> deviation = links.producer(quotient.input(0), "Sub");
        Optional<Node> sum =
                Match.inner(links, quotient.input(1), "Sqrt").flatMap(root -> Match.inner(links, root.input(0), "Add"));
        if (deviation.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        Node sub = deviation.get();
        for (int i = 0; i < 2; i++) {
            OptionalDouble epsilon = Match.number(links, sum.get().input(1 - i));
            Optional<Node> square =
                    mean(links, sum.get().input(i)).flatMap(mean -> square(links, mean.input(0), sub.output()));
            boolean centred = mean(links, sub.input(1))
                    .filter(mean -> mean.input(0).equals(sub.input(0)))
                    .isPresent();
            boolean alone = square.isPresent() && readBy(links, sub.output(), Set.of(quotient, square.get()));
            if (epsilon.isPresent() && alone && centred) {
                return Optional.of(new Normalised(sub.input(0), (float) epsilon.getAsDouble()));
            }
        }
        return Optional.empty();
    }

    private Optional<Node> mean(Links links, String value) {
        return Match.inner(links, value, "ReduceMean")
                .filter(node -> node.whole("keepdims", 1) == 1)
                .filter(node -> facts.shape(node.input(0))
                        .map(List::size)
                        .flatMap(rank -> Shapes.axes(node, facts, 1, rank).map(List.of(rank - 1)::equals))
                        .orElseGet(() -> node.wholes("axes", List.of()).equals(List.of(-1L))));
    }

    private static Optional<Node> square(Links links, String value, String deviation) {
        return Match.inner(links, value, "Pow")
                .filter(power -> power.input(0).equals(deviation) && Match.isNumber(links, power.input(1), 2))
                .or(() -> Match.inner(links, value, "Mul")
                        .filter(product -> product.inputs().equals(List.of(deviation, deviation))));
    }

    private static boolean readBy(Links links, String value, Set<Node> readers) {
        return !links.isOutput(value) && new HashSet<>(links.readers(value)).equals(readers);
    }
}
