package dev.graft.rewrite.fusion;

import dev.graft.graph.Attribute;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.rewrite.Patch;
import dev.graft.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins the Gaussian error linear unit (Hendrycks and Gimpel 2016).
 *
 * <pre>
 * x · ½ · (1 + Erf(x / √2))                              ⇒  Gelu(x; "none")
 * x · ½ · (1 + Tanh(√(2/π) · (x + 0.044715 · x³)))       ⇒  Gelu(x; "tanh")
 * </pre>
 *
 * <p>The three factors stand in any order and grouping.
 */
final class Gelu implements Rule {
    private static final double CUBIC = 0.044715;

    @Override
    public Optional<Patch> match(Links links, Node node) {
        if (node.is("Gelu")) {
            return Optional.of(patch(node, node.input(0), node.text("approximate", "none")));
        }
        if (!node.is("Mul")) {
            return Optional.empty();
        }
        List<String> factors = factors(links, node);
        boolean halved = factors.removeIf(factor -> Match.isNumber(links, factor, 0.5));
        if (!halved || factors.size() != 2) {
            return Optional.empty();
        }
        return gelu(links, node, factors.get(0), factors.get(1))
                .or(() -> gelu(links, node, factors.get(1), factors.get(0)));
    }

    private static List<String> factors(Links links, Node product) {
        List<String> factors = new ArrayList<>();
        for (String operand : product.inputs()) {
            Match.inner(links, operand, "Mul")
                    .ifPresentOrElse(inner -> factors.addAll(inner.inputs()), () -> factors.add(operand));
        }
        return factors;
    }

    private static Optional<Patch> gelu(Links links, Node node, String x, String gate) {
        Optional<String> curve = Match.inner(links, gate, "Add").flatMap(sum -> Match.besides(links, sum, 1));
        if (curve.isEmpty()) {
            return Optional.empty();
        }
        boolean exact = Match.inner(links, curve.get(), "Erf")
                .filter(erf -> isScaled(links, erf.input(0), x, Math.sqrt(0.5)))
                .isPresent();
        boolean approximate = Match.inner(links, curve.get(), "Tanh")
                .filter(tanh -> isCubic(links, tanh.input(0), x))
                .isPresent();
        return exact || approximate ? Optional.of(patch(node, x, exact ? "none" : "tanh")) : Optional.empty();
    }

    private static boolean isScaled(Links links, String value, String x, double factor) {
        return Match.inner(links, value, "Div")
                        .filter(node -> node.input(0).equals(x) && Match.isNumber(links, node.input(1), 1 / factor))
                        .isPresent()
                || factor(links, value, factor).filter(x::equals).isPresent();
    }

    /** The other factor of a product with a constant. */
    private static Optional<String> factor(Links links, String value, double factor) {
        return Match.inner(links, value, "Mul").flatMap(product -> Match.besides(links, product, factor));
    }

    private static boolean isCubic(Links links, String value, String x) {
        return factor(links, value, Math.sqrt(2 / Math.PI))
                .flatMap(polynomial -> Match.inner(links, polynomial, "Add"))
                .flatMap(sum -> Match.besides(sum, x))
                .flatMap(term -> factor(links, term, CUBIC))
                .filter(cube -> isCube(links, cube, x))
                .isPresent();
    }

    private static boolean isCube(Links links, String value, String x) {
        boolean power = Match.inner(links, value, "Pow")
                .filter(node -> node.input(0).equals(x) && Match.isNumber(links, node.input(1), 3))
                .isPresent();
        return power
                || Match.inner(links, value, "Mul")
                        .flatMap(product -> Match.besides(product, x))
                        .flatMap(square -> Match.inner(links, square, "Mul"))
                        .filter(product -> product.inputs().equals(List.of(x, x)))
                        .isPresent();
    }

    private static Patch patch(Node node, String x, String approximate) {
        return Patch.of(Match.fused(
                FusedOperators.GELU, node, List.of(x), Map.of("approximate", new Attribute.Text(approximate))));
    }
}
