package dev.graft.graph;

import dev.graft.tensor.Array;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one {@code AttributeProto}. */
final class AttributeReader {
    static final int NAME = 1;
    static final int KIND = 20;
    static final int REFERENCE = 21;

    private final BlockReader blocks;
    private final String owner;
    private final List<Extras.Field> fields = new ArrayList<>();
    private final List<Float> reals = new ArrayList<>();
    private final Numbers wholes = new Numbers();
    private final List<ByteBuffer> texts = new ArrayList<>();
    private final List<Array> tensors = new ArrayList<>();
    private final List<Block> bodies = new ArrayList<>();
    private String name = "";
    private String reference = "";
    private int kind;
    private int found;
    private boolean plain = true;

    private AttributeReader(BlockReader blocks, String owner) {
        this.blocks = blocks;
        this.owner = owner;
    }

    /**
     * An attribute as it was read.
     *
     * @param plain whether writing name and value gives all that was read
     */
    record Named(String name, Attribute value, boolean plain) {}

    static Named read(Wire wire, BlockReader blocks, String owner) {
        var reader = new AttributeReader(blocks, owner);
        while (wire.next()) {
            reader.field(wire);
        }
        return reader.named(wire);
    }

    private void field(Wire wire) {
        switch (wire.number()) {
            case NAME -> name = wire.text();
            case KIND -> kind = (int) wire.whole();
            case REFERENCE -> reference = wire.text();
            default -> {
                fields.add(wire.raw());
                value(wire);
            }
        }
    }

    private void value(Wire wire) {
        int before = found;
        switch (wire.number()) {
            case 2 -> {
                found = AttributeKind.REAL;
                reals.add(wire.real());
            }
            case 3 -> {
                found = AttributeKind.WHOLE;
                wholes.add(wire.whole());
            }
            case 4 -> {
                found = AttributeKind.TEXT;
                texts.add(wire.bytes());
            }
            case 5 -> {
                found = AttributeKind.TENSOR;
                tensor(wire);
            }
            case 6 -> {
                found = AttributeKind.BODY;
                bodies.add(blocks.read(wire.message()));
            }
            case 7 -> {
                found = AttributeKind.REALS;
                plain &= wire.is(Wire.FIXED32);
                ByteBuffer packed = wire.fixed(4);
                while (packed.hasRemaining()) {
                    reals.add(packed.getFloat());
                }
            }
            case 8 -> {
                found = AttributeKind.WHOLES;
                plain &= wire.is(Wire.VARINT);
                wire.wholes(wholes::add);
            }
            case 9 -> {
                found = AttributeKind.TEXTS;
                texts.add(wire.bytes());
            }
            case 10 -> {
                found = AttributeKind.TENSORS;
                tensor(wire);
            }
            case 11 -> {
                found = AttributeKind.BODIES;
                bodies.add(blocks.read(wire.message()));
            }
            default -> plain = false;
        }
        plain &= before == 0 || before == found && found >= AttributeKind.REALS;
    }

    private void tensor(Wire wire) {
        TensorReader.Tensor tensor =
                TensorReader.read(wire.message(), blocks.files(), "attribute '" + name + "' of " + owner);
        plain &= tensor.external() || tensor.plain() && tensor.name().isEmpty();
        tensors.add(tensor.array());
    }

    private Named named(Wire wire) {
        plain &= kind != 0 && (found == 0 || found == kind) && !name.isEmpty();
        if (!reference.isEmpty()) {
            return new Named(name, new Attribute.Reference(reference, kind), plain && fields.isEmpty());
        }
        int meant = kind == 0 ? found : kind;
        Attribute value = decoded(wire, meant);
        if (value == null) {
            return new Named(name, new Attribute.Opaque(meant, Extras.of(fields)), kind != 0 && !name.isEmpty());
        }
        return new Named(name, value, plain && (found != 0 || meant >= AttributeKind.REALS));
    }

    private @Nullable Attribute decoded(Wire wire, int meant) {
        return switch (meant) {
            case AttributeKind.REAL -> new Attribute.Real(reals.isEmpty() ? 0 : last(reals));
            case AttributeKind.WHOLE -> new Attribute.Whole(wholes.size() == 0 ? 0 : wholes.at(wholes.size() - 1));
            case AttributeKind.TEXT -> texts.isEmpty() ? new Attribute.Text("") : text();
            case AttributeKind.TENSOR -> new Attribute.Tensor(given(wire, tensors));
            case AttributeKind.BODY -> new Attribute.Body(given(wire, bodies));
            case AttributeKind.REALS -> new Attribute.Reals(reals);
            case AttributeKind.WHOLES -> new Attribute.Wholes(wholes.toList());
            case AttributeKind.TEXTS -> texts();
            case AttributeKind.TENSORS -> new Attribute.Tensors(tensors);
            case AttributeKind.BODIES -> new Attribute.Bodies(bodies);
            default -> null;
        };
    }

    private <T> T given(Wire wire, List<T> values) {
        if (values.isEmpty()) {
            throw wire.wrong("attribute '" + name + "' of " + owner + " holds nothing; export the model again");
        }
        return last(values);
    }

    private @Nullable Attribute text() {
        try {
            return new Attribute.Text(Wire.decode(last(texts).duplicate()));
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private @Nullable Attribute texts() {
        var decoded = new ArrayList<String>();
        for (ByteBuffer text : texts) {
            try {
                decoded.add(Wire.decode(text.duplicate()));
            } catch (CharacterCodingException e) {
                return null;
            }
        }
        return new Attribute.Texts(decoded);
    }

    private static <T> T last(List<T> values) {
        return values.get(values.size() - 1);
    }
}
