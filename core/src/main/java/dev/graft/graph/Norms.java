package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the weights of normalisations, also where an old exporter took the normalisation apart.
 *
 * <pre>{@code
 * Div(Sub(x, mean), Sqrt(variance)) ── Mul(·, weight) ── Add(·, bias)
 * }</pre>
 */
final class Norms {
    private static final Set<String> OPERATORS = Set.of(
            "LayerNormalization",
            "BatchNormalization",
            "InstanceNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "SimplifiedLayerNormalization",
            "SkipLayerNormalization",
            "SkipSimplifiedLayerNormalization",
            "EmbedLayerNormalization",
            "GroupNorm");
    private static final Pattern SCOPE = Pattern.compile("(.*/)?([^/]*[nN]orm[^/]*|ln(_\\w+)?|bn\\d*)");

    private final Links links;
    private final Scopes scopes;

    Norms(Links links, Scopes scopes) {
        this.links = links;
        this.scopes = scopes;
    }

    boolean isNorm(String weight, Array array) {
        return array.type().isFloating()
                && array.rank() <= 1
                && array.elements() > 1
                && links.readers(weight).stream().anyMatch(reader -> normalises(reader, weight));
    }

    boolean isStatistic(String weight) {
        return links.readers(weight).stream()
                .anyMatch(reader -> reader.is("BatchNormalization")
                        && (reader.input(3).equals(weight) || reader.input(4).equals(weight)));
    }

    private boolean normalises(Node reader, String weight) {
        if (OPERATORS.contains(reader.operator())) {
            return true;
        }
        if (!reader.is("Mul") && !reader.is("Add")) {
            return false;
        }
        String other = reader.input(0).equals(weight) ? reader.input(1) : reader.input(0);
        boolean structural = reader.is("Mul") ? isScaled(other) : isWeighted(other);
        return structural || SCOPE.matcher(scopes.scope(reader)).matches();
    }

    /** Whether a value was divided by a root, or multiplied by its reciprocal. */
    private boolean isScaled(String value) {
        Optional<Node> division = links.producer(value, "Div");
        if (division.isPresent()) {
            return links.producer(division.get().input(1), "Sqrt").isPresent();
        }
        return links.producer(value, "Mul")
                .filter(product -> product.inputs().stream()
                        .anyMatch(input -> links.producer(input, "Reciprocal").isPresent()))
                .isPresent();
    }

    private boolean isWeighted(String value) {
        return links.producer(value, "Mul")
                .filter(product -> product.inputs().stream().anyMatch(this::isScaled))
                .isPresent();
    }
}
