package dev.graft.graph;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/**
 * What one message of an ONNX file says beyond the record that was made of it, kept as raw bytes so that writing a graph
 * loses nothing.
 *
 * <p>Besides fields that no record names these are values in a form of their own: an attribute with a documentation
 * string, a weight in {@code float_data}, a name that is set to nothing. Such a field is written again as it came as long
 * as its value is still the same; where a rewrite changed the value, the record is written.
 *
 * @param fields by number; those of one number in the order of the file
 */
public record Extras(List<Field> fields) {
    /** Nothing extra. */
    public static final Extras NONE = new Extras(List.of());

    public Extras {
        fields = fields.stream().sorted(Comparator.comparingInt(Field::number)).toList();
    }

    /**
     * One field as it stands in the file.
     *
     * @param number the field's number in its message
     * @param content tag and payload, read-only
     */
    public record Field(int number, ByteBuffer content) {}

    static Extras of(List<Field> fields) {
        return fields.isEmpty() ? NONE : new Extras(fields);
    }

    List<Field> numbered(int number) {
        return fields.stream().filter(field -> field.number() == number).toList();
    }

    Extras without(int... numbers) {
        return of(
                fields.stream().filter(field -> !among(field.number(), numbers)).toList());
    }

    private static boolean among(int number, int[] numbers) {
        for (int other : numbers) {
            if (other == number) {
                return true;
            }
        }
        return false;
    }
}
