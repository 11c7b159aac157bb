package dev.graft.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the repeated blocks of a network: which block each node belongs to, by the node's place in the graph.
 *
 * <p>Blocks show as scopes with running numbers ({@code layer.0}, {@code layer.1}; {@code h.0}; {@code layer2/layer2.1})
 * that hold two or more products or convolutions each. Where no such scopes are, or only one because all blocks share
 * their weights, they show as attention: a block for each softmax that a product reads, ending at the last value through
 * which all later attention must go.
 */
final class Blocks {
    /** What a node has that belongs to no block. */
    static final int NONE = 0;

    private static final Pattern NUMBERED = Pattern.compile("(.*?)\\.?(\\d+)");
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Conv", "ConvTranspose", "QLinearConv");

    private final Graph graph;
    private final int[] block;
    private int count;

    private Blocks(Graph graph) {
        this.graph = graph;
        this.block = new int[graph.nodes().size()];
    }

    static Blocks of(Graph graph, Scopes scopes) {
        var blocks = new Blocks(graph);
        blocks.byScope(scopes);
        List<Integer> attention = blocks.attention();
        if (blocks.count < 2 && attention.size() >= 2) {
            blocks.byAttention(attention);
        }
        return blocks;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** The block of the node at an index, from 1; {@link #NONE} if it is in none. */
    int at(int index) {
        return block[index];
    }

    private void byScope(Scopes scopes) {
        var groups = new LinkedHashMap<String, TreeMap<Integer, List<Integer>>>();
        for (int i = 0; i < block.length; i++) {
            int at = i;
            numbered(scopes.scope(graph.nodes().get(i)))
                    .ifPresent(place -> groups.computeIfAbsent(place.group(), name -> new TreeMap<>())
                            .computeIfAbsent(place.number(), number -> new ArrayList<>())
                            .add(at));
        }
        for (TreeMap<Integer, List<Integer>> group : groups.values()) {
            if (group.values().stream().filter(this::isBlock).count() * 2 > group.size()) {
                for (List<Integer> members : group.values()) {
                    count++;
                    members.forEach(index -> block[index] = count);
                }
            }
        }
    }

    private boolean isBlock(List<Integer> members) {
        return members.stream()
                        .filter(index ->
                                PRODUCTS.contains(graph.nodes().get(index).operator()))
                        .count()
                >= 2;
    }

    private record Place(String group, int number) {}

    /** The outermost part of a scope that carries a number of its own. */
    private static Optional<Place> numbered(String scope) {
        var around = new StringBuilder();
        for (String part : scope.split("/", -1)) {
            Matcher matcher = NUMBERED.matcher(part);
            boolean dotted = part.indexOf('.') > 0 || part.chars().allMatch(Character::isDigit);
            if (matcher.matches() && dotted && matcher.group(2).length() < 6) {
                return Optional.of(new Place(around + matcher.group(1), Integer.parseInt(matcher.group(2))));
            }
            around.append(part).append('/');
        }
        return Optional.empty();
    }

    private List<Integer> attention() {
        Links links = Links.of(graph);
        var found = new ArrayList<Integer>();
        for (int i = 0; i < block.length; i++) {
            Node node = graph.nodes().get(i);
            if (node.is("Attention") || node.is("Softmax") && feedsProduct(links, node.output(), 3)) {
                found.add(i);
            }
        }
        return found;
    }

    private static boolean feedsProduct(Links links, String value, int steps) {
        return steps > 0
                && links.readers(value).stream()
                        .anyMatch(reader -> reader.is("MatMul")
                                || !reader.outputs().isEmpty() && feedsProduct(links, reader.output(), steps - 1));
    }

    /**
     * Block i lies between the last value that all scores of attention i depend on and the last value that those
     * of attention i + 1 depend on. The last block ends at the node that corresponds to the one at which the block before it ends.
     */
    private void byAttention(List<Integer> attention) {
        var flow = new Flow(graph);
        count = attention.size();
        Arrays.fill(block, NONE);
        int start = flow.lastCut(flow.firstOnWeights(), flow.lastProduct(attention.get(0)));
        for (int i = 0; i < count; i++) {
            int end = i + 1 < count
                    ? flow.lastCut(attention.get(i), flow.lastProduct(attention.get(i + 1)))
                    : counterpart(start, count - 1, flow);
            boolean[] after = flow.after(start);
            boolean[] before = flow.before(end);
            for (int node = 0; node < block.length; node++) {
                if (after[node] && (before[node] || node == end)) {
                    block[node] = i + 1;
                }
            }
            start = end;
        }
    }

    /** The node after {@code start} that stands where {@code start} itself stands in its own block. */
    private int counterpart(int start, int number, Flow flow) {
        String operator = graph.nodes().get(start).operator();
        int ordinal = 0;
        for (int i = 0; i <= start; i++) {
            if (block[i] == number && graph.nodes().get(i).operator().equals(operator)) {
                ordinal++;
            }
        }
        boolean[] after = flow.after(start);
        int last = start;
        for (int i = start + 1; i < block.length && ordinal > 0; i++) {
            if (after[i] && graph.nodes().get(i).operator().equals(operator)) {
                ordinal--;
                last = i;
            }
        }
        return last;
    }
}
