package dev.graft.torch;

import dev.graft.graph.Extras;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values as files hold them: {@code TensorProto}, {@code SequenceProto} and {@code OptionalProto} of onnx.proto. */
final class Recorded {
    private static final int ELEMENT_TYPE = 2;
    private static final int TENSORS = 3;
    private static final int SEQUENCE = 5;
    private static final int TYPE_OF_VALUE = 2;
    private static final int SEQUENCE_TYPE = 4;
    private static final int OPTIONAL_TYPE = 9;

    private Recorded() {}

    /** The content of a file, of the type that a graph declares. */
    static Content read(ValueInfo declared, byte[] file) {
        return switch (kind(declared).orElse(0)) {
            case SEQUENCE_TYPE -> sequence(ByteBuffer.wrap(file));
            case OPTIONAL_TYPE -> optional(ByteBuffer.wrap(file));
            default -> new Content.Single(Onnx.tensor(ByteBuffer.wrap(file)).array());
        };
    }

    private static Optional<Integer> kind(ValueInfo declared) {
        return declared.extras().fields().stream()
                .filter(field -> field.number() == TYPE_OF_VALUE)
                .map(Extras.Field::content)
                .flatMap(content -> fields(fields(content.duplicate()).get(0).content()).stream())
                .map(Field::number)
                .filter(number -> number == SEQUENCE_TYPE || number == OPTIONAL_TYPE)
                .findFirst();
    }

    private static Content sequence(ByteBuffer bytes) {
        return new Content.Sequence(fields(bytes).stream()
                .filter(field -> field.number() == TENSORS)
                .map(field -> Onnx.tensor(field.content()).array())
                .toList());
    }

    private static Content optional(ByteBuffer bytes) {
        for (Field field : fields(bytes)) {
            if (field.number() == TENSORS) {
                return new Content.Single(Onnx.tensor(field.content()).array());
            } else if (field.number() == SEQUENCE) {
                return sequence(field.content());
            }
        }
        return new Content.Nothing();
    }

    private record Field(int number, ByteBuffer content) {}

    private static List<Field> fields(ByteBuffer bytes) {
        var fields = new ArrayList<Field>();
        while (bytes.hasRemaining()) {
            int tag = (int) varint(bytes);
            int size = (int) varint(bytes);
            if ((tag & 7) == 2) {
                fields.add(new Field(tag >> 3, bytes.slice(bytes.position(), size)));
                bytes.position(bytes.position() + size);
            } else if (tag >> 3 != ELEMENT_TYPE) {
                throw new IllegalArgumentException("Field " + (tag >> 3) + " has wire type " + (tag & 7));
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
