package dev.graft.task;

/** The true answers of rows. */
public sealed interface Truth {
    /** How many rows there are. */
    int rows();

    /** The number of each row's label. */
    @SuppressWarnings("ArrayRecordComponent")
    record Classes(int[] numbers) implements Truth {
        @Override
        public int rows() {
            return numbers.length;
        }
    }

    /** Which labels each row has: [rows, labels]. */
    @SuppressWarnings("ArrayRecordComponent")
    record Sets(boolean[][] has) implements Truth {
        @Override
        public int rows() {
            return has.length;
        }
    }

    /** The number of each row. */
    @SuppressWarnings("ArrayRecordComponent")
    record Numbers(double[] values) implements Truth {
        @Override
        public int rows() {
            return values.length;
        }
    }
}
