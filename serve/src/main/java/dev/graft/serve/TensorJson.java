package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The values of tensors as JSON: flat or nested lists in, flat lists out. */
final class TensorJson {
    private TensorJson() {}

    /**
     * The array that a list holds.
     *
     * @param elements how many its shape asks for
     * @throws Problem if it holds another number of values, or one of another type
     */
    static Array read(String name, DataType type, long[] shape, int elements, JsonNode data) {
        var values = new ArrayList<JsonNode>();
        collect(name, data, values, elements);
        if (values.size() != elements) {
            throw Problem.invalid("The tensor '" + Names.shown(name) + "' holds " + values.size()
                    + " values, its shape asks for " + elements);
        }
        if (type == DataType.BYTES) {
            List<String> texts = values.stream().map(value -> text(name, value)).toList();
            return Array.ofStrings(texts, shape);
        }
        ByteBuffer buffer = Array.allocate(type.type().bytes(elements));
        values.forEach(value -> put(name, type, value, buffer));
        return Array.of(type.type(), shape, buffer.flip());
    }

    private static void collect(String name, JsonNode data, List<JsonNode> into, int most) {
        if (!data.isArray()) {
            throw Problem.invalid("The 'data' of the tensor '" + Names.shown(name) + "' must be a list");
        }
        for (JsonNode value : data) {
            if (value.isArray()) {
                collect(name, value, into, most);
            } else if (into.size() <= most) {
                into.add(value);
            }
        }
    }

    private static String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw unfit(name, DataType.BYTES, value);
        }
        return value.textValue();
    }

    private static void put(String name, DataType type, JsonNode value, ByteBuffer into) {
        boolean fits = switch (type) {
            case BOOL -> value.isBoolean();
            case FP32, FP64 -> value.isNumber();
            case INT64 -> value.isIntegralNumber() && value.canConvertToLong();
            default -> value.isIntegralNumber() && value.canConvertToInt() && inRange(type, value.intValue());
        };
        if (!fits) {
            throw unfit(name, type, value);
        }
        switch (type) {
            case BOOL -> into.put((byte) (value.booleanValue() ? 1 : 0));
            case UINT8, INT8 -> into.put((byte) value.intValue());
            case INT16 -> into.putShort((short) value.intValue());
            case INT32 -> into.putInt(value.intValue());
            case INT64 -> into.putLong(value.longValue());
            case FP32 -> into.putFloat(value.floatValue());
            case FP64 -> into.putDouble(value.doubleValue());
            case BYTES -> throw new IllegalStateException("texts are no numbers");
        }
    }

    private static boolean inRange(DataType type, int value) {
        return switch (type) {
            case UINT8 -> value >= 0 && value <= 255;
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            default -> true;
        };
    }

    private static Problem unfit(String name, DataType type, JsonNode value) {
        String shown = value.isNumber() ? Names.shown(value.asText()) : Fields.kind(value);
        return Problem.invalid(
                "The tensor '" + Names.shown(name) + "' holds " + shown + ", which is no value of " + type);
    }

    /** Writes the values of an answer's tensor. */
    static void write(JsonGenerator json, Array array) throws IOException {
        json.writeStartArray();
        switch (array.type()) {
            case STRING -> {
                for (String text : array.strings()) {
                    json.writeString(text);
                }
            }
            case FLOAT -> {
                for (float value : array.floats()) {
                    json.writeNumber(value);
                }
            }
            default -> throw new IllegalStateException("No answer holds " + array);
        }
        json.writeEndArray();
    }
}
