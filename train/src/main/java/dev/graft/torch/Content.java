package dev.graft.torch;

import dev.graft.graph.GraphException;
import dev.graft.tensor.Array;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A value outside libtorch: what a graph is given and gives. */
sealed interface Content {
    /** The content as a value of the present memory scope. */
    Value on(Device device);

    /** A copy of a value's content. */
    static Content of(Value value) {
        if (value instanceof Value.Single single) {
            return new Single(Tensors.array(single.tensor()));
        } else if (value instanceof Value.Sequence sequence) {
            return new Sequence(LongStream.range(0, sequence.size())
                    .mapToObj(index -> Tensors.array(sequence.at(index)))
                    .toList());
        }
        return new Nothing();
    }

    static Map<String, Content> of(Map<String, Array> arrays) {
        var contents = new LinkedHashMap<String, Content>();
        arrays.forEach((name, array) -> contents.put(name, new Single(array)));
        return contents;
    }

    /**
     * The array.
     *
     * @throws GraphException if the output is no array
     */
    default Array array(String output) {
        if (this instanceof Single single) {
            return single.array();
        }
        throw new GraphException(
                "Output '" + output + "' is " + this + ", not an array; export the model with tensors as outputs");
    }

    /** All arrays of the content, in order. */
    default List<Array> arrays() {
        return this instanceof Single single
                ? List.of(single.array())
                : this instanceof Sequence sequence ? sequence.arrays() : List.of();
    }

    record Single(Array array) implements Content {
        @Override
        public Value on(Device device) {
            return new Value.Single(device.move(Tensors.of(array)));
        }

        @Override
        public String toString() {
            return array.toString();
        }
    }

    record Sequence(List<Array> arrays) implements Content {
        public Sequence {
            arrays = List.copyOf(arrays);
        }

        @Override
        public Value on(Device device) {
            return Value.Sequence.of(
                    arrays.stream().map(array -> device.move(Tensors.of(array))).toList());
        }

        @Override
        public String toString() {
            return "a sequence of " + arrays.size() + " arrays";
        }
    }

    /** An optional value that is not there. */
    record Nothing() implements Content {
        @Override
        public Value on(Device device) {
            return new Value.Nothing();
        }

        @Override
        public String toString() {
            return "nothing";
        }
    }
}
