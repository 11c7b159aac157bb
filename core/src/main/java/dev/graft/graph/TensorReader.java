package dev.graft.graph;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code TensorProto}.
 *
 * <p>Weights in {@code raw_data}, in {@code float_data} and {@code double_data} and in files beside the model stay where
 * they lie. What dimensions claim is held against what the file holds before anything is allocated.
 */
final class TensorReader {
    static final int DIMS = 1;
    static final int TYPE = 2;
    static final int NAME = 8;
    static final int RAW = 9;
    static final int EXTERNAL_ENTRIES = 13;
    static final int LOCATION = 14;

    private final ExternalData files;
    private final Numbers dims = new Numbers();
    private final TypedData typed = new TypedData();
    private final Map<String, String> entries = new HashMap<>();
    private String name = "";
    private int type;
    private long location;
    private @Nullable Extent raw;
    private boolean plain = true;

    private TensorReader(ExternalData files) {
        this.files = files;
    }

    /**
     * A tensor as it was read.
     *
     * @param plain whether writing name and array gives all that was read
     * @param external whether the array lies in another file
     */
    record Tensor(String name, Array array, boolean plain, boolean external) {}

    static Tensor read(Wire wire, ExternalData files, String role) {
        var reader = new TensorReader(files);
        while (wire.next()) {
            reader.field(wire);
        }
        String owner = wire.where(role + (reader.name.isEmpty() ? "" : " '" + reader.name + "'"));
        return new Tensor(reader.name, reader.array(owner), reader.isPlain(), reader.location == 1);
    }

    private void field(Wire wire) {
        switch (wire.number()) {
            case DIMS -> {
                plain &= wire.is(Wire.VARINT);
                wire.wholes(dims::add);
            }
            case TYPE -> type = (int) wire.whole();
            case NAME -> {
                name = wire.text();
                plain &= !name.isEmpty();
            }
            case RAW -> raw = wire.extent();
            case TypedData.STRINGS -> typed.field(wire);
            default -> {
                plain = false;
                leftover(wire);
            }
        }
    }

    private boolean isPlain() {
        boolean text = type == ElementType.STRING.code();
        return plain && text != (raw != null) && typed.isPlainText(text);
    }

    private void leftover(Wire wire) {
        switch (wire.number()) {
            case EXTERNAL_ENTRIES -> Entry.read(wire.message()).into(entries);
            case LOCATION -> location = wire.whole();
            case 3 ->
                throw wire.wrong("tensor '" + name + "' is a segment of another, which is not supported; export"
                        + " the model again");
            default -> typed.field(wire);
        }
    }

    private Array array(String owner) {
        ElementType known = ElementTypes.require(owner, type);
        long elements = elements(owner);
        if (known == ElementType.STRING) {
            return typed.strings(owner, dims.toArray(), elements);
        }
        long expected;
        try {
            expected = known.bytes(elements);
        } catch (ArithmeticException e) {
            throw absurd(owner);
        }
        Extent extent;
        if (location == 1) {
            extent = files.extent(owner, entries, expected);
        } else if (raw != null) {
            extent = raw;
        } else {
            extent = Extent.of(typed.bytes(owner, known, elements, expected));
        }
        if (extent.bytes().remaining() != expected) {
            throw new GraphException(
                    owner + " is declared as " + known.text() + dims.toList() + ", which takes " + expected
                            + " bytes, but the file holds " + extent.bytes().remaining() + "; export the model again");
        }
        return extent.array(known, dims.toArray());
    }

    private long elements(String owner) {
        long count = 1;
        for (int i = 0; i < dims.size(); i++) {
            if (dims.at(i) < 0) {
                throw new GraphException(
                        owner + " has shape " + dims.toList() + "; sizes are 0 or more: export the model again");
            }
            try {
                count = Math.multiplyExact(count, dims.at(i));
            } catch (ArithmeticException e) {
                throw absurd(owner);
            }
        }
        return count;
    }

    private GraphException absurd(String owner) {
        return new GraphException(owner + " has shape " + dims.toList()
                + ", more elements than there can be; the file is damaged: fetch or export it again");
    }
}
