package dev.graft.serve;

import java.util.Arrays;

/** The shapes of tensors that callers send. */
final class Shapes {
    private static final int HIGHEST_RANK = 8;

    /** Far more than a request may hold, far less than what would not fit into memory. */
    private static final int MOST_ELEMENTS = 1 << 24;

    private Shapes() {}

    /**
     * How many elements a shape asks for.
     *
     * @throws Problem if a size is negative, or they are too many to be a request's
     */
    static int elements(String name, long[] shape) {
        long elements = 1;
        for (long size : shape) {
            if (size < 0 || size > MOST_ELEMENTS) {
                throw wrong(name, shape);
            }
            elements *= size;
            if (elements > MOST_ELEMENTS) {
                throw wrong(name, shape);
            }
        }
        if (shape.length > HIGHEST_RANK) {
            throw wrong(name, new long[0]);
        }
        return (int) elements;
    }

    private static Problem wrong(String name, long[] shape) {
        return Problem.invalid("The shape " + Names.shown(Arrays.toString(shape)) + " of the tensor '"
                + Names.shown(name) + "' must have at most " + HIGHEST_RANK + " sizes, each 0 or more, and "
                + MOST_ELEMENTS + " elements in all");
    }
}
