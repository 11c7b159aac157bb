package dev.graft.rewrite;

import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes room beside products with a weight for branches of low rank that come with the batch, a branch a row.
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   y = MatMul(x, w) [+ b] + MatMul(MatMul(x, a), b)
 * </pre>
 *
 * <p>{@code x} is [rows, length, in]; the inputs {@code a}, [rows or 1, in, rank], and {@code b}, [rows or 1, rank, out],
 * are named as {@link Lora} names the weights of such a branch, and {@code b} holds the branch's factor. So rows of one
 * batch may belong to different adapters of one model; with one branch for all rows each product is one product still.
 *
 * @param where the products; of the selected nodes those that multiply with a weight of two dimensions
 */
public record BranchInputs(Selector where) implements Rewrite {
    /**
     * The graph with room.
     *
     * @throws GraphException if no selected node multiplies with a weight, or one does so on rows that are not apart
     */
    @Override
    public Graph apply(Graph graph) {
        Graph grown = new Lora(1, 1, 0, where, 0).apply(graph);
        requireRowsApart(grown);
        Map<String, Array> weights = new LinkedHashMap<>(grown.weights());
        var inputs = new ArrayList<>(grown.main().inputs());
        grown.weights().forEach((name, array) -> {
            if (isBranch(name)) {
                weights.remove(name);
                inputs.add(input(name, array));
            }
        });
        return grown.with(block -> block.withWeights(weights).withInputs(inputs));
    }

    /** Whether an input of this name takes branches. */
    public static boolean isBranch(String name) {
        return name.endsWith(Lora.DOWN) || name.endsWith(Lora.UP);
    }

    private static ValueInfo input(String name, Array array) {
        var any = new Dimension.Unknown();
        return name.endsWith(Lora.DOWN)
                ? ValueInfo.of(name, ElementType.FLOAT, any, new Dimension.Fixed(array.size(0)), any)
                : ValueInfo.of(name, ElementType.FLOAT, any, any, new Dimension.Fixed(array.size(1)));
    }

    private static void requireRowsApart(Graph grown) {
        Links links = Links.of(grown);
        for (String name : grown.weights().keySet()) {
            if (!name.endsWith(Lora.DOWN)) {
                continue;
            }
            for (Node low : links.readers(name)) {
                if (links.readers(low.input(0)).stream().anyMatch(node -> node.is("Gemm"))) {
                    throw new GraphException("The product of '" + low.input(0) + "' is a Gemm, whose rows are tokens of"
                            + " all texts, so that they cannot be told apart by text; branches stand beside MatMul");
                }
            }
        }
    }
}
