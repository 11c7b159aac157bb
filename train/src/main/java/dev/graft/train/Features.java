package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a frozen prefix makes of rows, each stored once and without padding. */
final class Features {
    private final List<RowShape> shapes;
    private final int[] lengths;
    private final List<Shard> shards;
    private final int[] shardOf;
    /** Where each row begins in its shard's array, by value. */
    private final int[][] offsets;

    /**
     * Rows that stand one after another in one array a value.
     *
     * @param first the number of the first row
     * @param arrays by the order of the values, each float and of one dimension
     */
    record Shard(int first, int count, List<Array> arrays) {}

    Features(List<RowShape> shapes, int[] lengths, List<Shard> shards) {
        this.shapes = shapes;
        this.lengths = lengths;
        this.shards = shards;
        this.shardOf = new int[lengths.length];
        this.offsets = new int[shapes.size()][lengths.length];
        for (int shard = 0; shard < shards.size(); shard++) {
            Shard each = shards.get(shard);
            Arrays.fill(shardOf, each.first(), each.first() + each.count(), shard);
            for (int value = 0; value < shapes.size(); value++) {
                long offset = 0;
                for (int row = each.first(); row < each.first() + each.count(); row++) {
                    offsets[value][row] = Math.toIntExact(offset);
                    offset += shapes.get(value).elements(lengths[row]);
                }
            }
        }
    }

    List<RowShape> shapes() {
        return shapes;
    }

    /** A batch of every value, padded with zeros to its longest row. */
    Map<String, Array> batch(int[] rows) {
        int longest = 0;
        for (int row : rows) {
            longest = Math.max(longest, lengths[row]);
        }
        Map<String, Array> batch = new LinkedHashMap<>();
        for (int value = 0; value < shapes.size(); value++) {
            batch.put(shapes.get(value).value(), batch(value, rows, longest));
        }
        return batch;
    }

    private Array batch(int value, int[] rows, int longest) {
        RowShape shape = shapes.get(value);
        int step = Math.toIntExact(shape.elements(longest));
        ByteBuffer bytes = Array.allocate(Math.multiplyExact(4L * step, rows.length));
        FloatBuffer to = bytes.asFloatBuffer();
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i];
            Shard shard = shards.get(shardOf[row]);
            FloatBuffer from = shard.arrays().get(value).bytes().asFloatBuffer();
            shape.copy(from, offsets[value][row], lengths[row], to, i * step, longest);
        }
        return Array.of(ElementType.FLOAT, shape.batch(rows.length, longest), bytes);
    }
}
