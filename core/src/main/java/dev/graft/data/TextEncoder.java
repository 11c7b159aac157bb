package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.tensor.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Texts to token ids, by Hugging Face's own tokenizers; safe for several threads.
 *
 * <p>A text is cut to the length of the settings, special tokens included, and is not padded; {@link #collate} pads a
 * batch to its longest row. What truncation and padding the {@code tokenizer.json} asks for is not followed.
 */
public final class TextEncoder implements AutoCloseable {
    private static final int TEXTS_AT_ONCE = 1_024;
    private static final int CHARACTERS_AT_ONCE = 1 << 20;
    private static final String TYPES = "token_type_ids";
    private static final String MASK = "attention_mask";
    private static final String PROBE = "a";

    private final EncoderSettings settings;
    private final Path source;
    private final int content;
    private final int vocabularySize;
    private final int padId;
    private final OptionalInt maskId;
    private final NativeTokenizer tokenizer;
    private @Nullable TextEncoder cuttingStarts;
    private boolean closed;

    private TextEncoder(EncoderSettings settings, Path source, TokenizerFile file, NativeTokenizer tokenizer) {
        this.settings = settings;
        this.source = source;
        this.content = file.json().hashCode();
        this.vocabularySize = file.vocabularySize();
        this.padId = file.padId();
        this.maskId = file.maskId();
        this.tokenizer = tokenizer;
    }

    /**
     * Opens an encoder.
     *
     * @param tokenizerJson a file in the format of Hugging Face's tokenizers library
     * @throws InputException if there is no such file, or it is broken
     */
    public static TextEncoder open(EncoderSettings settings, Path tokenizerJson) {
        return open(
                settings,
                tokenizerJson,
                TokenizerFile.read(tokenizerJson),
                json -> new NativeTokenizer(json, settings.maxLength()));
    }

    private static TextEncoder open(
            EncoderSettings settings,
            Path tokenizerJson,
            TokenizerFile file,
            Function<String, NativeTokenizer> tokenizer) {
        try {
            return new TextEncoder(settings, tokenizerJson, file, tokenizer.apply(file.json()));
        } catch (GraftException said) {
            throw said;
        } catch (RuntimeException refused) {
            throw TokenizerFile.broken(tokenizerJson, String.valueOf(refused.getMessage()));
        }
    }

    /**
     * The same encoder, but that it cuts texts at their start, special tokens kept; of a pair that is too long, the longer
     * text loses its first token. It is opened when it is first asked for, and closed with this one.
     *
     * @throws InputException if the file is no longer what this encoder was opened with
     */
    public synchronized TextEncoder cuttingStarts() {
        if (closed) {
            throw new IllegalStateException("The tokenizer is closed");
        }
        if (cuttingStarts == null) {
            TokenizerFile file = TokenizerFile.read(source);
            if (file.json().hashCode() != content) {
                throw new InputException(source + " was replaced since it was opened; load the model again");
            }
            cuttingStarts = open(
                    settings,
                    source,
                    file,
                    json -> new NativeTokenizer(TokenizerFile.cuttingStarts(json, settings.maxLength())));
        }
        return cuttingStarts;
    }

    /** The settings it was opened with. */
    public EncoderSettings settings() {
        return settings;
    }

    /** The highest token id and one; a model's embedding table must have as many rows at least. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** The id that fills short rows of a batch. */
    public int padId() {
        return padId;
    }

    /** The id that hides a token from a language model, where the tokenizer has one. */
    public OptionalInt maskId() {
        return maskId;
    }

    /** The encoding of one text. */
    public Encoding encode(String text) {
        return encode(List.of(text)).get(0);
    }

    /** The encodings of texts, in their order; half surrogate pairs, which are no characters, become U+FFFD. */
    public List<Encoding> encode(List<String> texts) {
        List<Encoding> encodings = new ArrayList<>(texts.size());
        List<String> chunk = new ArrayList<>();
        long characters = 0;
        for (String text : texts) {
            chunk.add(prefixed(text));
            characters += text.length();
            if (chunk.size() == TEXTS_AT_ONCE || characters >= CHARACTERS_AT_ONCE) {
                encodings.addAll(Arrays.asList(tokenizer.encode(chunk.toArray(String[]::new))));
                chunk.clear();
                characters = 0;
            }
        }
        if (!chunk.isEmpty()) {
            encodings.addAll(Arrays.asList(tokenizer.encode(chunk.toArray(String[]::new))));
        }
        return encodings;
    }

    /**
     * The encodings of pairs, in their order, put together as the {@code tokenizer.json} says; the settings' prefix
     * stands before both texts. While a pair is too long, the longer text of the two loses its last token.
     */
    public List<Encoding> encodePairs(List<TextPair> pairs) {
        List<Encoding> encodings = new ArrayList<>(pairs.size());
        for (int start = 0; start < pairs.size(); start += TEXTS_AT_ONCE) {
            List<TextPair> some = pairs.subList(start, Math.min(pairs.size(), start + TEXTS_AT_ONCE));
            String[] firsts = some.stream().map(pair -> prefixed(pair.first())).toArray(String[]::new);
            String[] seconds =
                    some.stream().map(pair -> prefixed(pair.second())).toArray(String[]::new);
            encodings.addAll(Arrays.asList(tokenizer.encodePairs(firsts, seconds)));
        }
        return encodings;
    }

    private String prefixed(String text) {
        return wellFormed(settings.prefix() + text);
    }

    /**
     * Whether a model can tell where the first text of a pair ends: by a token that the template puts between the two,
     * or by segments.
     *
     * @param inputNames the inputs that the graph asks for; segments are read as {@code token_type_ids}
     */
    public boolean separatesPairs(Collection<String> inputNames) {
        long[] sequences = tokenizer.sequences(PROBE, PROBE);
        int last = -1;
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 1) {
                int[] types =
                        encodePairs(List.of(new TextPair(PROBE, PROBE))).get(0).typeIds();
                return last >= 0 && (last < i - 1 || inputNames.contains(TYPES) && types[last] != types[i]);
            }
            last = sequences[i] == 0 ? i : last;
        }
        return false;
    }

    /**
     * The tokens of one text without the settings' prefix, with their places in the text.
     *
     * @param special whether special tokens are added
     */
    public List<Token> tokens(String text, boolean special) {
        return tokenizer.tokens(wellFormed(text), special);
    }

    /**
     * The text that token ids stand for.
     *
     * @param ids each 0 or more, and less than {@link #vocabularySize}
     * @param skipSpecial whether special tokens are left out
     * @throws IllegalArgumentException if an id is out of range
     */
    public String decode(int[] ids, boolean skipSpecial) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException("There is no token " + id);
            }
        }
        return tokenizer.decode(ids, skipSpecial);
    }

    /**
     * A batch, padded on the right to its longest row.
     *
     * @param inputNames the inputs that the graph asks for, of {@code input_ids}, {@code attention_mask} and
     *     {@code token_type_ids}
     * @return an int64 array of shape [rows, longest row] for each name
     * @throws InputException if the graph asks for anything else
     */
    public Map<String, Array> collate(List<Encoding> encodings, Collection<String> inputNames) {
        return collate(encodings, inputNames, 1);
    }

    /**
     * A batch as the other, but that its length is a multiple of a number where the model's longest text permits it and
     * the graph reads where the padding begins.
     */
    public Map<String, Array> collate(List<Encoding> encodings, Collection<String> inputNames, int multiple) {
        int length = encodings.stream().mapToInt(Encoding::length).max().orElse(0);
        int rounded = Math.min((length + multiple - 1) / multiple * multiple, settings.maxLength());
        int longest = inputNames.contains(MASK) ? Math.max(length, rounded) : length;
        Map<String, Array> inputs = new LinkedHashMap<>();
        for (String name : inputNames) {
            inputs.put(name, Array.of(column(name, encodings, longest), encodings.size(), longest));
        }
        return inputs;
    }

    private long[] column(String name, List<Encoding> encodings, int longest) {
        long[] values = new long[Math.multiplyExact(encodings.size(), longest)];
        switch (name) {
            case "input_ids" -> {
                Arrays.fill(values, padId);
                fill(values, encodings.stream().map(Encoding::ids).toList(), longest);
            }
            case TYPES -> fill(values, encodings.stream().map(Encoding::typeIds).toList(), longest);
            case MASK -> {
                for (int row = 0; row < encodings.size(); row++) {
                    int start = row * longest;
                    Arrays.fill(values, start, start + encodings.get(row).length(), 1);
                }
            }
            default ->
                throw new InputException("The model asks for the input '" + name
                        + "'; a text encoder gives input_ids, attention_mask and token_type_ids");
        }
        return values;
    }

    private static void fill(long[] values, List<int[]> rows, int longest) {
        for (int row = 0; row < rows.size(); row++) {
            int[] given = rows.get(row);
            for (int i = 0; i < given.length; i++) {
                values[row * longest + i] = given[i];
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        tokenizer.close();
        if (cuttingStarts != null) {
            cuttingStarts.close();
        }
    }

    /** The text with every half of a surrogate pair replaced: the native library takes only real characters. */
    static String wellFormed(String text) {
        char[] repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            repaired = repaired == null ? text.toCharArray() : repaired;
            repaired[i] = '\uFFFD';
        }
        return repaired == null ? text : new String(repaired);
    }
}
