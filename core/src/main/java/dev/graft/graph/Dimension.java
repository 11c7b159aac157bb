package dev.graft.graph;

/** One dimension of a value's declared shape. */
public sealed interface Dimension {
    /** A size that is known: 0 or more. */
    record Fixed(long size) implements Dimension {
        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** A size that is only named, for example {@code batch}. */
    record Symbol(String name) implements Dimension {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A size of which nothing is said. */
    record Unknown() implements Dimension {
        @Override
        public String toString() {
            return "?";
        }
    }
}
