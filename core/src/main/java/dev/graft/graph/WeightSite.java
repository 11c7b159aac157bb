package dev.graft.graph;

import dev.graft.tensor.Array;
import java.util.List;

/**
 * A weight and where it lies, which is where it is read: exporters rename weights, so their own names say little.
 *
 * @param readers the nodes that compute with the weight; nodes that only pass it on (a transposition, a cast) are looked
 *     through
 * @param norm whether the weight scales or shifts a normalisation
 * @param statistic whether it is a running mean or variance, which a gradient does not change
 */
public record WeightSite(
        String name, Array array, List<Node> readers, List<String> scopes, int depth, boolean norm, boolean statistic)
        implements Site {
    public WeightSite {
        readers = List.copyOf(readers);
        scopes = List.copyOf(scopes);
    }

    @Override
    public List<String> operators() {
        return readers.stream().map(Node::operator).distinct().toList();
    }

    /** Whether training could change it: real numbers, more than one, and not a running statistic. */
    public boolean learnable() {
        return array.type().isFloating() && array.elements() > 1 && !statistic && !readers.isEmpty();
    }
}
