package dev.graft.graph;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The fields of one message of an ONNX file that the records here do not name, kept as raw bytes so that writing a
 * graph loses nothing.
 *
 * @param fields in the order of the file
 */
public record Extras(List<Field> fields) {
    /** Nothing extra. */
    public static final Extras NONE = new Extras(List.of());

    public Extras {
        fields = List.copyOf(fields);
    }

    /**
     * One field as it stands in the file.
     *
     * @param number the field's number in its message
     * @param content tag and payload, read-only
     */
    public record Field(int number, ByteBuffer content) {}
}
