package dev.graft.graph;

import java.util.List;
import java.util.Optional;

/** Writes {@code ValueInfoProto}s. */
final class ValueWriter {
    private static final int NAME = 1;
    private static final int TYPE = 2;

    private ValueWriter() {}

    static Output write(ValueInfo value) {
        var message =
                new Output(asItCame(value) ? value.extras() : value.extras().without(TYPE));
        message.text(NAME, value.name());
        if (!asItCame(value)) {
            value.type()
                    .ifPresent(type -> message.message(
                            TYPE, new Output(Extras.NONE).message(1, tensor(type.code(), value.shape()))));
        }
        return message;
    }

    private static boolean asItCame(ValueInfo value) {
        return value.extras().numbered(TYPE).stream()
                .map(field -> ValueReader.type(Wire.payload(field)))
                .anyMatch(type ->
                        type.element().equals(value.type()) && type.shape().equals(value.shape()));
    }

    private static Output tensor(int code, Optional<List<Dimension>> shape) {
        var tensor = new Output(Extras.NONE).whole(1, code);
        return shape.isEmpty() ? tensor : tensor.message(2, shape(shape.get()));
    }

    private static Output shape(List<Dimension> dimensions) {
        var shape = new Output(Extras.NONE);
        for (Dimension dimension : dimensions) {
            var message = new Output(Extras.NONE);
            if (dimension instanceof Dimension.Fixed fixed) {
                message.whole(1, fixed.size());
            } else if (dimension instanceof Dimension.Symbol symbol) {
                message.textAlways(2, symbol.name());
            }
            shape.message(1, message);
        }
        return shape;
    }
}
