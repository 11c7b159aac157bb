package dev.graft.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.InputException;
import dev.graft.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of keys in YAML: {@code name: key}, or {@code name: {key: …, rate-limit: …, priority: …}}. A key may be given as
 * {@code sha256:} and its digest, so that who reads the file cannot ask. No message holds a key.
 *
 * @param rateLimit requests a second of a key that states none itself; 0 for no limit
 */
record ApiKeyFile(Path file, double rateLimit) {
    private static final long LARGEST = 1 << 20;
    private static final int SHORTEST_KEY = 16;
    private static final String DIGEST = "sha256:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{" + SHORTEST_KEY + ",1000}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final List<String> FIELDS = List.of("key", "rate-limit", "priority");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /** @throws InputException if the file is not there, or not such a file */
    ApiKeys read() {
        JsonNode content = content();
        if (!content.isObject() || content.isEmpty()) {
            throw new InputException(file + " holds no keys; expected is 'name: key' in each line");
        }
        var keys = new ApiKeys();
        try {
            for (Map.Entry<String, JsonNode> entry : content.properties()) {
                add(keys, entry.getKey(), entry.getValue());
            }
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
        return keys;
    }

    private JsonNode content() {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InputException("There is no file of API keys " + file);
            }
            if (Files.size(file) > LARGEST) {
                throw new InputException(
                        file + " has more than " + LARGEST + " bytes, too many for a file of API keys");
            }
            return YAML.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(file + " is no YAML, or names someone twice, at or before line "
                    + e.getLocation().getLineNr());
        } catch (IOException e) {
            throw new InputException("The file of API keys " + file + " cannot be read: " + e, e);
        }
    }

    private void add(ApiKeys keys, String name, JsonNode value) {
        if (!NAME.matcher(name).matches()) {
            throw new InputException("'" + Names.shown(name) + "' is no name for a key; letters, digits, dots,"
                    + " hyphens and underscores are");
        }
        if (value.isObject()) {
            value.fieldNames().forEachRemaining(field -> {
                if (!FIELDS.contains(field)) {
                    throw new InputException("'" + name + "' has the field '" + Names.shown(field) + "', which is none"
                            + Suggestion.text(field, FIELDS) + "; there are " + FIELDS);
                }
            });
        }
        JsonNode key = value.isObject() ? value.path("key") : value;
        double rate = number(name, value, "rate-limit", rateLimit, 0, 1e9);
        double priority = number(name, value, "priority", Exchange.HIGHEST_PRIORITY, -Exchange.HIGHEST_PRIORITY, 10);
        Optional<TokenBucket> bucket =
                rate > 0 ? Optional.of(new TokenBucket(rate, System.nanoTime())) : Optional.empty();
        keys.add(digest(name, key), new ApiKey(name, bucket, (int) priority));
    }

    private static byte[] digest(String name, JsonNode key) {
        if (!key.isTextual()) {
            throw new InputException("the key of '" + name + "' must be a text; put it into quotes");
        }
        String text = key.textValue();
        if (!text.startsWith(DIGEST)) {
            if (!KEY.matcher(text).matches()) {
                throw new InputException("the key of '" + name + "' must be " + SHORTEST_KEY
                        + " characters or more of ASCII without blanks, so that nobody guesses it");
            }
            return ApiKeys.digest(text);
        }
        String digits = text.substring(DIGEST.length());
        if (!HEX.matcher(digits).matches()) {
            throw new InputException("the key of '" + name + "' begins with " + DIGEST
                    + ", which 64 hexadecimal digits in lower case must follow");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static double number(
            String name, JsonNode value, String field, double otherwise, double least, double most) {
        JsonNode number = value.path(field);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isNumber() || number.doubleValue() < least || number.doubleValue() > most) {
            throw new InputException(
                    "the " + field + " of '" + name + "' must be a number from " + (long) least + " to " + (long) most);
        }
        return number.doubleValue();
    }
}
