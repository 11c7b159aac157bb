package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/** Writes {@code TensorProto}s. */
final class TensorWriter {
    /** The fields that say what a tensor is, where it lies, and what it holds. */
    private static final Set<Integer> MEANING = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14);

    private final Optional<WeightFile> file;

    /** A writer that puts large arrays into a file of their own, if one is given. */
    TensorWriter(Optional<WeightFile> file) {
        this.file = file;
    }

    /** A tensor with what was kept of it: as it came if its value is still the same. */
    void write(Output to, int number, String name, Array array, Optional<Extras.Field> kept) {
        if (kept.isPresent() && same(kept.get(), array)) {
            to.raw(kept.get());
        } else {
            Extras more = kept.map(field -> beyondMeaning(Wire.payload(field))).orElse(Extras.NONE);
            to.message(number, message(name, array, more));
        }
    }

    /** A tensor in its plain form. */
    Output message(String name, Array array, Extras more) {
        var message = new Output(more);
        for (long size : array.shape()) {
            message.whole(TensorReader.DIMS, size);
        }
        message.whole(TensorReader.TYPE, array.type().code());
        if (array.type() == ElementType.STRING) {
            array.strings().forEach(text -> message.textAlways(6, text));
            return message.text(TensorReader.NAME, name);
        }
        message.text(TensorReader.NAME, name);
        if (file.isPresent() && file.get().takes(array)) {
            return file.get().place(array, message);
        }
        return message.bytes(TensorReader.RAW, array.bytes());
    }

    private boolean same(Extras.Field kept, Array array) {
        Wire wire = Wire.payload(kept);
        boolean external = false;
        boolean sized = false;
        while (wire.next()) {
            external |= wire.number() == TensorReader.LOCATION && wire.whole() == 1;
            sized |= wire.number() == TensorReader.TYPE;
        }
        if (external || !sized || file.isPresent() && file.get().takes(array)) {
            return false;
        }
        return TensorReader.read(Wire.payload(kept), ExternalData.none(), "weight")
                .array()
                .equals(array);
    }

    /** What a tensor in another file says beyond its array and its place; empty if nothing. */
    static Optional<Extras.Field> withoutPlace(String name, Wire tensor) {
        Extras more = beyondMeaning(tensor);
        return more.fields().isEmpty()
                ? Optional.empty()
                : Optional.of(new Output(more).text(TensorReader.NAME, name).asField(BlockReader.WEIGHT));
    }

    private static Extras beyondMeaning(Wire tensor) {
        var kept = new ArrayList<Extras.Field>();
        while (tensor.next()) {
            if (!MEANING.contains(tensor.number())) {
                kept.add(tensor.raw());
            }
        }
        return Extras.of(kept);
    }
}
