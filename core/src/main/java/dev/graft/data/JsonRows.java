package dev.graft.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON Lines: an object a line. The columns are the keys of the first 100 objects in order of appearance; keys that
 * appear only later are passed over. A null or absent key is an empty value; a list or an object is kept as JSON.
 */
final class JsonRows implements RowReader {
    private static final int LOOKED_AT = 100;
    private static final int LONGEST_LINE = 1 << 24;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path file;
    private final Reader reader;
    private final Findings findings;
    private final char[] chunk = new char[1 << 14];
    private int position;
    private int limit;
    private long line;
    private final Deque<Entry> ahead = new ArrayDeque<>();
    private final List<String> columns;

    private record Entry(long line, Map<String, String> values) {}

    JsonRows(Path file, Reader reader, Findings findings) throws IOException {
        this.file = file;
        this.reader = reader;
        this.findings = findings;
        Set<String> keys = new LinkedHashSet<>();
        for (Entry entry = read(); entry != null; entry = ahead.size() < LOOKED_AT ? read() : null) {
            ahead.add(entry);
            keys.addAll(entry.values().keySet());
        }
        this.columns = List.copyOf(keys);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() throws IOException {
        Entry buffered = ahead.poll();
        Entry entry = buffered != null ? buffered : read();
        if (entry == null) {
            return null;
        }
        return new Row(
                entry.line(),
                columns.stream()
                        .map(column -> entry.values().getOrDefault(column, ""))
                        .toList());
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** The next line that holds an object; others are findings. */
    private @Nullable Entry read() throws IOException {
        for (String text = readLine(); text != null; text = readLine()) {
            if (text.isBlank()) {
                continue;
            }
            try {
                return new Entry(line, parse(text));
            } catch (JsonProcessingException wrong) {
                findings.add(line, "not a JSON object on a line of its own: " + reason(wrong));
            }
        }
        return null;
    }

    private static String reason(JsonProcessingException wrong) {
        String message = wrong.getOriginalMessage();
        int column = wrong.getLocation() == null ? 0 : wrong.getLocation().getColumnNr();
        String first = message == null ? "" : message.lines().findFirst().orElse("");
        return (first.length() > 120 ? first.substring(0, 120) + "…" : first) + " (column " + column + ")";
    }

    private static Map<String, String> parse(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "an object {…} was expected");
            }
            Map<String, String> values = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                parser.nextToken();
                values.put(key, value(parser));
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more follows after the object");
            }
            return values;
        }
    }

    private static String value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return "";
        }
        if (parser.currentToken().isScalarValue()) {
            return parser.getText();
        }
        JsonNode nested = parser.readValueAsTree();
        return nested.toString();
    }

    private @Nullable String readLine() throws IOException {
        StringBuilder text = new StringBuilder();
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && chunk[end] != '\n') {
                end++;
            }
            text.append(chunk, position, end - position);
            position = end + 1;
            if (end < limit) {
                break;
            }
            refuseEndless(text);
        }
        line++;
        return any ? text.toString() : null;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, reader.read(chunk, 0, chunk.length));
        return limit > 0;
    }

    private void refuseEndless(StringBuilder text) {
        if (text.length() > LONGEST_LINE) {
            throw new InputException(file + ", line " + (line + 1) + ": the line has more than " + LONGEST_LINE
                    + " characters; in JSON Lines every object stands on a line of its own");
        }
    }
}
