package dev.graft.data;

import java.util.Arrays;

/**
 * A text as a model reads it: token ids with the special tokens, and the segment (0 or 1) that each belongs to.
 *
 * <p>The arrays are not copied and must not be changed.
 */
public record Encoding(int[] ids, int[] typeIds) {
    public Encoding {
        if (ids.length != typeIds.length) {
            throw new IllegalArgumentException(ids.length + " ids do not go with " + typeIds.length + " type ids");
        }
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that && Arrays.equals(ids, that.ids) && Arrays.equals(typeIds, that.typeIds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
