package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.Links;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, such as that of word embeddings, that were read while it learned: they alone have gradients, an
 * optimizer's memory, and decay.
 *
 * <p>A row that no batch reads has no gradient, and an optimizer that takes each number by itself has nothing to move it by
 * but its decay. So what is moved is a matrix of the rows that were read, in the order in which they first were; others stay
 * as they came. Of 30,522 rows the texts of a training file read some thousands.
 */
final class LearnedRows implements AutoCloseable {
    /** Smaller tables are moved as a whole. */
    static final long LEAST = 2_048;

    private static final long FIRST_ROOM = 1_024;
    private static final long UNREAD = -1;

    private final Tensor table;
    private final Device device;
    private final Tensor places;
    private final List<Long> numbers = new ArrayList<>();
    private Tensor leaf;
    private boolean ahead;

    /**
     * None of the table's rows at first.
     *
     * @param device where the table is
     */
    LearnedRows(Tensor table, Device device) {
        this.table = table;
        this.device = device;
        try (PointerScope scope = new PointerScope()) {
            this.places = retained(device.move(
                    torch.full(new long[] {table.size(0)}, new Scalar(UNREAD), new TensorOptions(ScalarType.Long))));
            this.leaf = retained(room(FIRST_ROOM));
        }
    }

    /**
     * The weights of a graph that are tables from which one node takes rows, and which nothing else reads.
     *
     * @return the names of the rows' numbers by the names of the tables
     */
    static Map<String, String> tables(Graph graph) {
        Links links = Links.of(graph);
        Map<String, String> tables = new TreeMap<>();
        for (Node node : graph.nodes()) {
            if (node.operator().equals("Gather")
                    && node.domain().isEmpty()
                    && node.whole("axis", 0) == 0
                    && isTable(graph.weights().get(node.input(0)))
                    && links.readers(node.input(0)).size() == 1
                    && !links.isOutput(node.input(0))) {
                tables.put(node.input(0), node.input(1));
            }
        }
        return tables;
    }

    private static boolean isTable(@Nullable Array array) {
        return array != null && array.type().isFloating() && array.rank() == 2 && array.shape()[0] >= LEAST;
    }

    /** What is moved: the rows that were read, then rows of zeros, which have no gradient and stay zeros. */
    Tensor leaf() {
        return leaf;
    }

    /** The numbers of the rows that were read, in the order of the leaf. */
    long[] numbers() {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** Rows by their numbers, from what is moved. */
    Tensor look(Tensor wanted) {
        Tensor flat = wanted.reshape(-1);
        Tensor found = places(flat);
        if (found.numel() > 0 && found.min().item_long() == UNREAD) {
            take(Tensors.longs(flat));
            found = places(flat);
        }
        return torch.embedding(leaf, found.reshape(wanted.shape()));
    }

    /** Where rows that were read are in the leaf. */
    Tensor places(Tensor rows) {
        return places.index_select(0, device.move(rows));
    }

    /** Has rows learn from now on, those that do not yet, in their order. */
    void take(long[] wanted) {
        Set<Long> added = new LinkedHashSet<>();
        Arrays.stream(wanted).forEach(added::add);
        numbers.forEach(added::remove);
        if (!added.isEmpty()) {
            unrecorded(() -> append(added));
        }
    }

    private Tensor append(Set<Long> added) {
        long before = numbers.size();
        numbers.addAll(added);
        if (numbers.size() > leaf.size(0)) {
            grow();
        }
        Tensor rows = index(added.stream().mapToLong(Long::longValue).toArray());
        Tensor next =
                torch.arange(new Scalar(before), new Scalar((long) numbers.size()), new TensorOptions(ScalarType.Long));
        places.index_copy_(0, rows, next);
        return leaf.detach().index_copy_(0, next, table.detach().index_select(0, rows));
    }

    private void grow() {
        long size = leaf.size(0);
        while (size < numbers.size()) {
            size *= 2;
        }
        Tensor before = leaf;
        leaf = retained(room(Math.min(size, table.size(0))));
        leaf.narrow(0, 0, before.size(0)).copy_(before.detach());
        leaf.set_requires_grad(before.requires_grad());
        Tensor gradient = before.grad();
        if (gradient.defined()) {
            leaf.mutable_grad().put(grown(gradient, leaf));
        }
        before.deallocate();
    }

    private Tensor room(long size) {
        return torch.zeros(new long[] {size, table.size(1)}, table.detach().options());
    }

    /** What belongs to the rows of a smaller leaf, for a larger one: zeros for what is new. */
    static Tensor grown(Tensor part, Tensor leaf) {
        Tensor larger = torch.zeros(leaf.shape(), part.options());
        larger.narrow(0, 0, part.size(0)).copy_(part);
        return larger;
    }

    /** Of something with the leaf's rows, or those that it had before it grew, the rows that were read; one number is for all. */
    Tensor read(Tensor part) {
        if (part.dim() == 0) {
            return part;
        }
        Tensor all = part.size(0) < leaf.size(0) ? grown(part, leaf) : part.detach();
        return all.narrow(0, 0, numbers.size());
    }

    /** What belongs to the rows that were read, for all rows of the table: zeros for the others. */
    Tensor whole(Tensor part) {
        Tensor all = torch.zeros(table.shape(), part.options());
        return all.index_copy_(0, index(numbers()), read(part));
    }

    /** Notes that the leaf was moved: the table is behind it. */
    void moved() {
        ahead = true;
    }

    /** Brings the table to where its rows have moved. */
    synchronized void settle() {
        if (ahead) {
            ahead = false;
            unrecorded(() -> table.detach().index_copy_(0, index(numbers()), read(leaf)));
        }
    }

    /** Takes up a table that was written. */
    void refresh() {
        ahead = false;
        unrecorded(() -> read(leaf).copy_(table.detach().index_select(0, index(numbers()))));
    }

    private Tensor index(long[] numbers) {
        return device.move(Tensors.of(Array.of(numbers, numbers.length)));
    }

    private static void unrecorded(Supplier<Tensor> block) {
        Gradients.recording(false, () -> {
            try (PointerScope scope = new PointerScope()) {
                return block.get().isNull();
            }
        });
    }

    private static Tensor retained(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    @Override
    public void close() {
        leaf.deallocate();
        places.deallocate();
    }
}
