package dev.graft.rewrite;

import dev.graft.InputException;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Node;
import dev.graft.graph.Selector;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Puts a branch of low rank beside products with a weight (Hu et al. 2021, "LoRA").
 *
 * <pre>
 * y = MatMul(x, w) [+ b]   ⇒   y = MatMul(x, w) [+ b] + alpha / rank · MatMul(MatMul(x, a), b)
 * </pre>
 *
 * <p>{@code a} is [in, rank] and drawn uniformly within 1 / √in, as PEFT draws it; {@code b} is [rank, out] and zero, so
 * the graph computes at first what it computed before. Products that share a weight share the branch's weights, which are
 * named after the scope of the first: {@code encoder.layer.0.attention.self.query.lora_A.weight}.
 *
 * @param rank of the branch, 1 or more
 * @param alpha the branch's factor is alpha / rank
 * @param dropout the share of the branch's operand that training zeroes, 0 up to 1
 * @param where the products; of the selected nodes those that multiply with a weight of two dimensions
 * @param seed of the weights' values
 */
public record Lora(int rank, double alpha, double dropout, Selector where, long seed) implements AdapterMethod {
    /** The end of the name of a branch's first weight. */
    public static final String DOWN = ".lora_A.weight";
    /** The end of the name of a branch's second weight. */
    public static final String UP = ".lora_B.weight";

    /** The products that make queries and values, as BERT, DistilBERT, RoBERTa, ELECTRA, DeBERTa and MPNet name them. */
    public static final Selector QUERY_AND_VALUE = Selector.or(
            Selector.scope("**/query"),
            Selector.scope("**/value"),
            Selector.scope("**/q_lin"),
            Selector.scope("**/v_lin"),
            Selector.scope("**/query_proj"),
            Selector.scope("**/value_proj"),
            Selector.scope("**/attn/q"),
            Selector.scope("**/attn/v"));

    public Lora {
        if (rank < 1) {
            throw new InputException("--lora-rank must be 1 or more, not " + rank + "; 8 is usual");
        }
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new InputException("--lora-alpha must be more than 0, not " + alpha + "; 16 is usual");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException("--lora-dropout must be 0 or more and below 1, not " + dropout + "; 0.1 is usual");
        }
    }

    /** Rank 8, alpha 16 and dropout 0.1 at queries and values. */
    public static Lora standard(long seed) {
        return new Lora(8, 16, 0.1, QUERY_AND_VALUE, seed);
    }

    /**
     * The graph with branches.
     *
     * @throws GraphException if no selected node multiplies with a weight, or a weight is smaller than the rank
     */
    @Override
    public Graph apply(Graph graph) {
        Growth growth = new Growth(graph);
        String factor = growth.weight(growth.fresh("lora_factor"), Array.scalar(factor()));
        Random random = new Random(seed);
        for (Product product : Product.in(graph, where)) {
            draw(growth, product, random);
            Node end = product.end();
            String base = growth.fresh(end.output() + "_base");
            Branch branch = branch(growth, product, factor);
            Node sum = Node.of("Add", end.output(), base, branch.output());
            growth.replace(end, end.defining(List.of(base)), branch.nodes(), sum);
        }
        return growth.grown();
    }

    @Override
    public Rewrite forTraining() {
        return dropout == 0 ? graph -> graph : Rules.each((links, node) -> dropped(links.graph(), node));
    }

    /** {@code w + factor · a · b} in the place of each weight. */
    @Override
    public Optional<Graph> merged(Graph graph, Map<String, Array> tuned) {
        Growth growth = Growth.over(graph, tuned);
        for (Product product : Product.in(graph, where)) {
            Array weight = Objects.requireNonNull(graph.weights().get(product.weight()));
            double[] sum = sum(product, weight, tuned);
            growth.weight(product.weight(), floats(sum, weight.shape()));
        }
        return Optional.of(growth.grown());
    }

    /** The factor of the branches. */
    public float factor() {
        return (float) (alpha / rank);
    }

    /**
     * The nodes of a branch.
     *
     * @param output the value that they end in
     */
    record Branch(List<Node> nodes, String output) {}

    /** {@code factor · MatMul(MatMul(x, a), b)}. */
    static Branch branch(Growth growth, Product product, String factor) {
        String output = product.end().output();
        String low = growth.fresh(output + "_low");
        String high = growth.fresh(output + "_high");
        String scaled = growth.fresh(output + "_scaled");
        return new Branch(
                List.of(
                        Node.of("MatMul", low, product.operand(), product.module() + DOWN),
                        Node.of("MatMul", high, low, product.module() + UP),
                        Node.of("Mul", scaled, high, factor)),
                scaled);
    }

    /** Draws the weights of a branch; of products that share a weight, for the first. */
    void draw(Growth growth, Product product, Random random) {
        if (rank > Math.min(product.in(), product.out())) {
            throw new GraphException(
                    "--lora-rank " + rank + " is larger than '" + product.module() + "', whose weight is "
                            + product.in() + " × " + product.out() + "; give "
                            + Math.min(product.in(), product.out()) + " at most, 8 is usual");
        }
        if (growth.has(product.module() + DOWN)) {
            return;
        }
        float[] down = new float[Math.multiplyExact(product.in(), rank)];
        for (int i = 0; i < down.length; i++) {
            down[i] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt(product.in()));
        }
        growth.weight(product.module() + DOWN, Array.of(down, product.in(), rank));
        growth.weight(product.module() + UP, Array.of(new float[rank * product.out()], rank, product.out()));
    }

    /** {@code w + factor · a · b} in the layout of w. */
    double[] sum(Product product, Array weight, Map<String, Array> tuned) {
        float[] base = weight.floats();
        float[] a = Adapter.weight(tuned, product.module() + DOWN).floats();
        float[] b = Adapter.weight(tuned, product.module() + UP).floats();
        double[] sum = new double[base.length];
        for (int i = 0; i < product.in(); i++) {
            for (int j = 0; j < product.out(); j++) {
                double inner = 0;
                for (int k = 0; k < rank; k++) {
                    inner += (double) a[i * rank + k] * b[k * product.out() + j];
                }
                int place = product.transposed() ? j * product.in() + i : i * product.out() + j;
                sum[place] = base[place] + factor() * inner;
            }
        }
        return sum;
    }

    static double[] floats(Array array) {
        float[] narrow = array.floats();
        double[] wide = new double[narrow.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }

    static Array floats(double[] values, long... shape) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return Array.of(narrow, shape);
    }

    private Optional<Patch> dropped(Graph graph, Node node) {
        if (!node.is("MatMul") || !node.input(1).endsWith(DOWN)) {
            return Optional.empty();
        }
        String kept = Names.in(graph).fresh(node.output() + "_kept");
        Patch before = InsertDropout.node(graph, dropout, kept, node.input(0));
        Node after = node.reading(List.of(kept, node.input(1)));
        return Optional.of(new Patch(List.of(before.nodes().get(0), after), before.weights()));
    }
}
