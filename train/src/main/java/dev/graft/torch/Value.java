package dev.graft.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * What a node reads or makes.
 *
 * <p>Values are never changed. Each is a handle on native memory that belongs to the memory scope in which it was made;
 * what several handles stand for is freed with the last of them. An optional value that is there is the value itself.
 */
public sealed interface Value {
    /** Another handle on the same memory, of the present memory scope. */
    Value handle();

    /** Takes the handle out of its memory scope: it lives until it is freed. */
    void retain();

    /** Frees the handle before its memory scope does. */
    void free();

    /** For errors: what kind of value this is. */
    String kind();

    /** For errors: type and shape of a tensor, and the kind of what is none. */
    default String description() {
        return this instanceof Single single ? Tensors.describe(single.tensor()) : kind();
    }

    /** A value of its own for each tensor. */
    static List<Value> all(List<Tensor> tensors) {
        return tensors.stream().<Value>map(Single::new).toList();
    }

    /** One tensor. */
    record Single(Tensor tensor) implements Value {
        @Override
        public Single handle() {
            return new Single(new Tensor(tensor));
        }

        @Override
        public void retain() {
            tensor.retainReference();
        }

        @Override
        public void free() {
            tensor.deallocate();
        }

        @Override
        public String kind() {
            return "a tensor";
        }
    }

    /** Tensors in order; a list of libtorch's, so that a sequence of thousands is handed on by one handle. */
    record Sequence(TensorVector tensors) implements Value {
        public static Sequence of(List<Tensor> tensors) {
            return new Sequence(new TensorVector(tensors.toArray(new Tensor[0])));
        }

        public int size() {
            return Math.toIntExact(tensors.size());
        }

        /** This sequence with one more tensor at its end; what is there is copied natively, so that loops may fill one. */
        public Sequence followedBy(Tensor tensor) {
            Sequence longer = handle();
            longer.tensors.push_back(tensor);
            return longer;
        }

        /** The tensor at an index from 0 on, as a handle of the present memory scope. */
        public Tensor at(long index) {
            return new Tensor(tensors.get(index));
        }

        @Override
        public Sequence handle() {
            var copy = new TensorVector();
            copy.put(tensors);
            return new Sequence(copy);
        }

        @Override
        public void retain() {
            tensors.retainReference();
        }

        @Override
        public void free() {
            tensors.deallocate();
        }

        @Override
        public String kind() {
            return "a sequence of " + tensors.size() + " tensors";
        }
    }

    /** An optional value that is not there. */
    record Nothing() implements Value {
        @Override
        public Nothing handle() {
            return this;
        }

        @Override
        public void retain() {
            // There is no memory to keep.
        }

        @Override
        public void free() {
            // There is no memory to free.
        }

        @Override
        public String kind() {
            return "an empty optional value";
        }
    }
}
