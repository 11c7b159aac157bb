package dev.graft.graph;

import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code ValueInfoProto}s and the types in them. */
final class ValueReader {
    private static final int NAME = 1;
    private static final int TYPE = 2;
    private static final int TENSOR = 1;

    private ValueReader() {}

    static ValueInfo read(Wire wire) {
        String name = "";
        var type = new Type(Optional.empty(), Optional.empty(), true);
        var extras = new ArrayList<Extras.Field>();
        while (wire.next()) {
            switch (wire.number()) {
                case NAME -> {
                    name = wire.text();
                    if (name.isEmpty()) {
                        extras.add(wire.raw());
                    }
                }
                case TYPE -> {
                    type = type(wire.message());
                    if (!type.plain()) {
                        extras.add(wire.raw());
                    }
                }
                default -> extras.add(wire.raw());
            }
        }
        return new ValueInfo(name, type.element(), type.shape(), Extras.of(extras));
    }

    /**
     * The type of a value.
     *
     * @param plain whether writing element type and shape gives all that was read
     */
    record Type(Optional<ElementType> element, Optional<List<Dimension>> shape, boolean plain) {}

    static Type type(Wire wire) {
        var found = new Type(Optional.empty(), Optional.empty(), false);
        int fields = 0;
        while (wire.next()) {
            fields++;
            if (wire.number() == TENSOR) {
                found = tensor(wire.message());
            }
        }
        return new Type(found.element(), found.shape(), found.plain() && fields == 1);
    }

    private static Type tensor(Wire wire) {
        Optional<ElementType> element = Optional.empty();
        Optional<List<Dimension>> shape = Optional.empty();
        boolean plain = true;
        while (wire.next()) {
            switch (wire.number()) {
                case 1 -> element = ElementTypes.find(wire.whole());
                case 2 -> {
                    var dimensions = new ArrayList<Dimension>();
                    plain &= shape(wire.message(), dimensions);
                    shape = Optional.of(dimensions);
                }
                default -> plain = false;
            }
        }
        return new Type(element, shape, plain && element.isPresent());
    }

    private static boolean shape(Wire wire, List<Dimension> dimensions) {
        boolean plain = true;
        while (wire.next()) {
            if (wire.number() == 1) {
                plain &= dimension(wire.message(), dimensions);
            } else {
                plain = false;
            }
        }
        return plain;
    }

    private static boolean dimension(Wire wire, List<Dimension> dimensions) {
        Dimension found = new Dimension.Unknown();
        boolean plain = true;
        while (wire.next()) {
            if (wire.number() == 1 && wire.whole() >= 0) {
                found = new Dimension.Fixed(wire.whole());
            } else if (wire.number() == 2 && !wire.text().isEmpty()) {
                found = new Dimension.Symbol(wire.text());
            } else {
                plain = false;
            }
        }
        dimensions.add(found);
        return plain;
    }
}
