package dev.graft.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.InputException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The JSON header of a safetensors file, checked against the size of its data before anything is mapped.
 *
 * @param bytes the header's own length
 * @param entries by name, in the order of their data
 */
record SafetensorsHeader(int bytes, Map<String, Entry> entries, Map<String, String> metadata) {
    /** The format's own bound of a header, in bytes. */
    static final int LONGEST = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final int MOST_DIMENSIONS = 64;

    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("F64", ElementType.DOUBLE),
            Map.entry("F32", ElementType.FLOAT),
            Map.entry("F16", ElementType.FLOAT16),
            Map.entry("BF16", ElementType.BFLOAT16),
            Map.entry("I64", ElementType.INT64),
            Map.entry("I32", ElementType.INT32),
            Map.entry("I16", ElementType.INT16),
            Map.entry("I8", ElementType.INT8),
            Map.entry("U64", ElementType.UINT64),
            Map.entry("U32", ElementType.UINT32),
            Map.entry("U16", ElementType.UINT16),
            Map.entry("U8", ElementType.UINT8),
            Map.entry("BOOL", ElementType.BOOL),
            Map.entry("F8_E4M3", ElementType.FLOAT8E4M3FN),
            Map.entry("F8_E5M2", ElementType.FLOAT8E5M2));
    private static final Map<ElementType, String> NAMES =
            TYPES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    /** One array: where its bytes begin and end, counted from the end of the header. */
    static final class Entry {
        private final ElementType type;
        private final long[] shape;
        private final long begin;
        private final long end;

        Entry(ElementType type, long[] shape, long begin, long end) {
            this.type = type;
            this.shape = shape;
            this.begin = begin;
            this.end = end;
        }

        ElementType type() {
            return type;
        }

        long[] shape() {
            return shape.clone();
        }

        long begin() {
            return begin;
        }

        long end() {
            return end;
        }
    }

    /** The header that arrays and metadata have, padded with blanks so that the data is aligned to 8 bytes. */
    static String text(Map<String, Array> arrays, Map<String, String> metadata) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(root.putObject(METADATA)::put);
        }
        long position = 0;
        for (var entry : arrays.entrySet()) {
            Array array = entry.getValue();
            String type = NAMES.get(array.type());
            if (type == null || entry.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("The safetensors format has no place for '" + entry.getKey()
                        + "', an array of " + array.type().text());
            }
            ObjectNode tensor = root.putObject(entry.getKey()).put("dtype", type);
            var shape = tensor.putArray("shape");
            for (long size : array.shape()) {
                shape.add(size);
            }
            long end = position + array.bytes().remaining();
            tensor.putArray("data_offsets").add(position).add(end);
            position = end;
        }
        String text = root.toString();
        int length = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        return text + " ".repeat((8 - length % 8) % 8);
    }

    /** Reads and checks: types known, sizes as the shapes say, data without gaps and as long as the file. */
    static SafetensorsHeader parse(byte[] json, String source, long dataBytes) {
        JsonNode root = Json.parse(json, source, JsonNode.class);
        if (!root.isObject()) {
            throw new InputException(source + ": the header is no JSON object");
        }
        var metadata = new LinkedHashMap<String, String>();
        var unordered = new LinkedHashMap<String, Entry>();
        root.properties().forEach(property -> {
            if (property.getKey().equals(METADATA)) {
                property.getValue()
                        .properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                unordered.put(property.getKey(), entry(source, property.getKey(), property.getValue()));
            }
        });
        return new SafetensorsHeader(json.length, ordered(source, unordered, dataBytes), metadata);
    }

    private static Entry entry(String source, String name, JsonNode node) {
        String typeName = node.path("dtype").asText();
        ElementType type = TYPES.get(typeName);
        if (type == null) {
            throw new InputException(source + ": '" + name + "' has the unknown type '" + typeName + "'");
        }
        long[] shape = longs(source, name, node.path("shape"));
        long[] offsets = longs(source, name, node.path("data_offsets"));
        if (offsets.length != 2) {
            throw new InputException(source + ": '" + name + "' has no data_offsets of two numbers");
        }
        long expected = bytes(source, name, type, shape);
        if (offsets[1] - offsets[0] != expected || expected > Integer.MAX_VALUE) {
            throw new InputException(source + ": '" + name + "' must have " + expected + " bytes (at most "
                    + Integer.MAX_VALUE + "), but its data_offsets are " + offsets[0] + " to " + offsets[1]);
        }
        return new Entry(type, shape, offsets[0], offsets[1]);
    }

    private static long bytes(String source, String name, ElementType type, long[] shape) {
        try {
            long elements = 1;
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            return type.bytes(elements);
        } catch (ArithmeticException e) {
            throw new InputException(source + ": the shape of '" + name + "' is absurdly large", e);
        }
    }

    private static long[] longs(String source, String name, JsonNode node) {
        if (!node.isArray() || node.size() > MOST_DIMENSIONS) {
            throw new InputException(source + ": '" + name + "' has no shape or data_offsets that are lists of at most "
                    + MOST_DIMENSIONS + " numbers");
        }
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = node.get(i);
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw new InputException(
                        source + ": '" + name + "' has " + value + " where a whole number from 0 up" + " is expected");
            }
            values[i] = value.longValue();
        }
        return values;
    }

    private static Map<String, Entry> ordered(String source, Map<String, Entry> entries, long dataBytes) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> entry) -> entry.getValue().begin())
                .thenComparingLong(entry -> entry.getValue().end()));
        var ordered = new LinkedHashMap<String, Entry>();
        long position = 0;
        for (var entry : sorted) {
            if (entry.getValue().begin() != position) {
                throw new InputException(source + ": the data of '" + entry.getKey() + "' begins at "
                        + entry.getValue().begin() + ", expected is " + position + "; arrays follow without gaps");
            }
            position = entry.getValue().end();
            ordered.put(entry.getKey(), entry.getValue());
        }
        if (position != dataBytes) {
            throw new InputException(source + " holds " + dataBytes + " bytes of data where its header tells of "
                    + position + "; the file is cut or has been added to");
        }
        return ordered;
    }
}
