package dev.graft.data;

import dev.graft.InputException;

/**
 * How texts become token ids; saved with a model, which must be given texts as it was trained on them.
 *
 * @param maxLength the most tokens of a text, special tokens included; what is beyond is cut off; 8 or more
 * @param prefix put before every text, as some models want ({@code "query: "}); often empty
 */
public record EncoderSettings(int maxLength, String prefix) {
    private static final int SHORTEST = 8;

    /** @throws InputException if the length is below 8 */
    public EncoderSettings {
        if (maxLength < SHORTEST) {
            throw new InputException("--max-length must be " + SHORTEST + " tokens or more, not " + maxLength);
        }
    }

    /** Settings without a prefix. */
    public static EncoderSettings of(int maxLength) {
        return new EncoderSettings(maxLength, "");
    }
}
