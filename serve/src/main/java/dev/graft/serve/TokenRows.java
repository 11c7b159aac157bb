package dev.graft.serve;

import dev.graft.data.Encoding;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tensors of token ids as rows of tokens, checked so that no run of the model can fail on them. */
record TokenRows(ServedModel model, int maxRows, long maxTokens) {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";

    /**
     * Rows without their padding.
     *
     * @throws Problem if an input is missing, unknown, of another type or shape, or holds a number out of range
     */
    List<Encoding> of(Map<String, Array> given) {
        List<String> known =
                model.model().inputs().stream().map(ValueInfo::name).toList();
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw Problem.invalid(
                        "The model has no input '" + Names.shown(name) + "'; give 'text' alone, or " + known);
            }
        }
        Array ids = tensor(given, IDS);
        requireSize(ids);
        int rows = (int) ids.size(0);
        int length = (int) ids.size(1);
        long[] values = ids.longs();
        long[] mask = given.containsKey(MASK) ? same(given, MASK, ids).longs() : ones(values.length);
        long[] types = given.containsKey(TYPES) ? same(given, TYPES, ids).longs() : new long[values.length];
        var encodings = new ArrayList<Encoding>(rows);
        for (int row = 0; row < rows; row++) {
            encodings.add(row(values, mask, types, row * length, length));
        }
        return encodings;
    }

    private void requireSize(Array ids) {
        long rows = ids.size(0);
        long length = ids.size(1);
        int longest = model.model().bundle().manifest().encoder().maxLength();
        if (rows < 1 || length < 1 || rows > maxRows || length > longest || rows * length > maxTokens) {
            throw new Problem(
                    rows < 1 || length < 1 ? Problem.Type.VALIDATION : Problem.Type.TOO_LARGE,
                    "The input 'input_ids' has the shape [" + rows + "," + length + "]; taken are 1 to " + maxRows
                            + " rows of 1 to " + longest + " tokens, " + maxTokens + " in all");
        }
    }

    private static Array tensor(Map<String, Array> given, String name) {
        Array array = given.get(name);
        if (array == null) {
            throw Problem.invalid("The input '" + name + "' is missing; give 'text' alone, or the model's own inputs");
        }
        if (array.type() != ElementType.INT64 && array.type() != ElementType.INT32) {
            throw Problem.invalid("The input '" + name + "' must be of the data type INT64 or INT32");
        }
        if (array.rank() != 2) {
            throw Problem.invalid("The input '" + name + "' must have the shape [rows,tokens], not " + array);
        }
        return array;
    }

    private static Array same(Map<String, Array> given, String name, Array ids) {
        Array array = tensor(given, name);
        if (array.size(0) != ids.size(0) || array.size(1) != ids.size(1)) {
            throw Problem.invalid("The input '" + name + "' is " + array + ", but 'input_ids' is " + ids);
        }
        return array;
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private Encoding row(long[] values, long[] mask, long[] types, int start, int length) {
        int used = 0;
        while (used < length && mask[start + used] == 1) {
            used++;
        }
        for (int i = used; i < length; i++) {
            if (mask[start + i] != 0) {
                throw Problem.invalid("The input 'attention_mask' must be ones and then zeros in each row");
            }
        }
        if (used == 0) {
            throw Problem.invalid("A row of 'attention_mask' keeps no token");
        }
        int[] ids = new int[used];
        int[] typeIds = new int[used];
        for (int i = 0; i < used; i++) {
            ids[i] = within(IDS, values[start + i], model.model().vocabularySize());
            typeIds[i] = within(TYPES, types[start + i], 2);
        }
        return new Encoding(ids, typeIds);
    }

    private static int within(String name, long value, int limit) {
        if (value < 0 || value >= limit) {
            throw Problem.invalid("The input '" + name + "' holds " + value + "; its numbers are 0 to " + (limit - 1));
        }
        return (int) value;
    }
}
