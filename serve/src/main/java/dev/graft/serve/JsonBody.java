package dev.graft.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.HttpData;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Bodies in JSON: read strictly and within bounds, written as they are generated. */
final class JsonBody {
    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private JsonBody() {}

    /** Writes a body. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * The object that a body holds.
     *
     * @throws Problem if it holds anything else
     */
    static JsonNode object(byte[] body) throws IOException {
        return object(body, 0, body.length);
    }

    /** The object that a part of a body holds. */
    static JsonNode object(byte[] body, int offset, int length) throws IOException {
        try (JsonParser parser = FACTORY.createParser(body, offset, length)) {
            parser.setCodec(MAPPER);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Problem(Problem.Type.MALFORMED, "The body must be a JSON object");
            }
            JsonNode object = parser.readValueAsTree();
            if (parser.nextToken() != null) {
                throw new Problem(Problem.Type.MALFORMED, "The body goes on after its JSON object");
            }
            return object;
        } catch (CharConversionException e) {
            throw new Problem(Problem.Type.MALFORMED, "The body is no valid JSON: its bytes are no text in UTF-8");
        }
    }

    /** The body that is generated. */
    static HttpData of(Writer writer) {
        try (var bytes = new ByteArrayBuilder(512)) {
            try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
                writer.write(json);
            }
            return HttpData.wrap(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
