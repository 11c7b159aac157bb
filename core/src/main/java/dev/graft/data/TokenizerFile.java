package dev.graft.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What Graft itself reads of a {@code tokenizer.json}: how many tokens there are and which one pads.
 *
 * <p>The file is gone through once without building a tree of it: a prediction from the command line waits for this.
 */
final class TokenizerFile {
    private static final long LARGEST = 1L << 29;
    private static final Set<String> PAD_NAMES = Set.of("[PAD]", "<pad>", "<PAD>", "<|pad|>");
    private static final Set<String> MASK_NAMES = Set.of("[MASK]", "<mask>", "<MASK>", "<|mask|>");
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper TREE = new ObjectMapper(JSON);
    private static final int NONE = -1;

    private final String json;
    private final UnknownToken unknowns = new UnknownToken();
    private final TemplateTokens template = new TemplateTokens();
    private boolean hasModel;
    private int vocabularySize;
    private int statedPadId = NONE;
    private int namedPadId = NONE;
    private int namedMaskId = NONE;

    private TokenizerFile(String json) {
        this.json = json;
    }

    /** @throws InputException if there is no such file, or it is not JSON with a model in it */
    static TokenizerFile read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw broken(file, "it has " + Files.size(file) + " bytes");
            }
            TokenizerFile read = new TokenizerFile(Files.readString(file));
            read.parse();
            read.unknowns.fault(read.hasModel).or(read.template::fault).ifPresent(fault -> {
                throw broken(file, fault);
            });
            return read;
        } catch (NoSuchFileException absent) {
            throw new InputException("There is no tokenizer " + file + "; a model needs its tokenizer.json", absent);
        } catch (IOException wrong) {
            throw broken(
                    file, String.valueOf(wrong.getMessage()).lines().findFirst().orElse(""));
        }
    }

    static InputException broken(Path file, String reason) {
        return new InputException(file + " is no tokenizer.json that can be used; fetch the model again: " + reason);
    }

    /** The whole content. */
    String json() {
        return json;
    }

    /** The content of a file with the rule that texts and pairs are cut at their start, the longer text first. */
    static String cuttingStarts(String json, int maxLength) {
        try {
            ObjectNode file = (ObjectNode) TREE.readTree(json);
            file.putObject("truncation")
                    .put("direction", "Left")
                    .put("max_length", maxLength)
                    .put("strategy", "LongestFirst")
                    .put("stride", 0);
            return TREE.writeValueAsString(file);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The highest token id and one. */
    int vocabularySize() {
        return vocabularySize;
    }

    /** The id of the padding token: the one that the file states, else that of a usual name, else 0. */
    int padId() {
        return statedPadId != NONE ? statedPadId : Math.max(namedPadId, 0);
    }

    /** The id of the token that hides another, known by its usual names. */
    OptionalInt maskId() {
        return namedMaskId == NONE ? OptionalInt.empty() : OptionalInt.of(namedMaskId);
    }

    private void parse() throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "padding" -> readPadding(parser, value);
                    case "added_tokens" -> readAddedTokens(parser, value);
                    case "post_processor" -> template.read(parser);
                    case "model" -> readModel(parser, value);
                    default -> parser.skipChildren();
                }
            }
        }
    }

    private void readPadding(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && name.equals("pad_id")) {
                statedPadId = parser.getIntValue();
            }
            parser.skipChildren();
        }
    }

    private void readAddedTokens(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = "";
            int id = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("content")) {
                    content = parser.getText();
                } else if (name.equals("id")) {
                    id = parser.getIntValue();
                }
                parser.skipChildren();
            }
            token(content, id);
        }
    }

    private void readModel(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        hasModel = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken start = parser.nextToken();
            if (name.equals("vocab") && start == JsonToken.START_OBJECT) {
                readIdsByToken(parser);
            } else if (name.equals("vocab") && start == JsonToken.START_ARRAY) {
                readTokensInOrder(parser);
            } else {
                unknowns.read(name, parser);
                parser.skipChildren();
            }
        }
    }

    private void readIdsByToken(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            unknowns.add(name);
            token(name, parser.getIntValue());
        }
    }

    /** Unigram's form: a list of [token, score] in order of ids. */
    private void readTokensInOrder(JsonParser parser) throws IOException {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            parser.nextToken();
            unknowns.addListed();
            token(parser.getText(), id);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private void token(String content, int id) {
        vocabularySize = Math.max(vocabularySize, id + 1);
        if (namedPadId == NONE && PAD_NAMES.contains(content)) {
            namedPadId = id;
        }
        if (namedMaskId == NONE && MASK_NAMES.contains(content)) {
            namedMaskId = id;
        }
    }
}
