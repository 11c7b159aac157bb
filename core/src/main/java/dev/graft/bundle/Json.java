package dev.graft.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON as every file of Graft has it: records in {@code snake_case}, properties in their declared order.
 *
 * <p>Reading is strict: an unknown, missing, doubled or null property is an error that names file, line and column. Size
 * and depth are bounded, so that a hostile file costs neither memory nor stack.
 */
public final class Json {
    private static final int DEEPEST = 64;
    private static final int LONGEST_TEXT = 64 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(com.fasterxml.jackson.core.util.Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(com.fasterxml.jackson.core.util.Separators.Spacing.AFTER)));

    private Json() {}

    /**
     * The value in a file.
     *
     * @param largest size in bytes beyond which the file is refused
     * @throws InputException if the file is missing, too large, or does not hold what the type asks for
     */
    public static <T> T read(Path file, Class<T> type, long largest) {
        return parse(bytes(file, largest), file.toString(), type);
    }

    /** A file's content as a tree, for formats of others that may hold more than is asked of them. */
    public static JsonNode tree(Path file, long largest) {
        return parse(bytes(file, largest), file.toString(), JsonNode.class);
    }

    /**
     * The value that bytes hold.
     *
     * @param source names the bytes in errors
     */
    public static <T> T parse(byte[] json, String source, Class<T> type) {
        ObjectReader reader = MAPPER.readerFor(type);
        try {
            T value = reader.readValue(json);
            if (value == null) {
                throw new InputException(source + " holds null where an object is expected");
            }
            return value;
        } catch (JsonMappingException e) {
            throw new InputException(source + " is not what it must be" + place(e) + ": " + text(e), e);
        } catch (JsonProcessingException e) {
            throw new InputException(source + " is no valid JSON" + place(e) + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException(source + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The value as indented JSON, with a line break at its end. */
    public static String text(Object value) {
        try {
            return WRITER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The value cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The value as JSON on one line, without a line break. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The value cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The value as a tree, to be changed before it is written. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    private static byte[] bytes(Path file, long largest) {
        try {
            long size = Files.size(file);
            if (size > largest) {
                throw new InputException(file + " has " + size + " bytes; a file of its kind has at most " + largest);
            }
            return Files.readAllBytes(file);
        } catch (IOException | OutOfMemoryError e) {
            throw new InputException("The file " + file + " cannot be read: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        return e instanceof java.nio.file.NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
    }

    private static String text(JsonMappingException e) {
        String property = e.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(java.util.stream.Collectors.joining("."));
        Throwable cause = e.getCause();
        String message = cause instanceof InputException || cause instanceof IllegalArgumentException
                ? String.valueOf(cause.getMessage())
                : e.getOriginalMessage();
        return (property.isEmpty() ? "" : "at '" + property + "': ") + message;
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " in line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
