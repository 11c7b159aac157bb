package dev.graft.serve;

import java.util.Random;

/** Bytes changed, cut, doubled and swapped. */
final class Mutation {
    private static final String TOKENS = "{}[]\",:0123456789.eE+-\\u\u0000\u00ff truefalsenull\r\n\t";
    private static final int MOST_CHANGES = 4;

    private Mutation() {}

    /** None to three changes. */
    static byte[] of(byte[] original, Random random) {
        byte[] bytes = original;
        for (int changes = random.nextInt(MOST_CHANGES); changes > 0 && bytes.length > 0; changes--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(20, bytes.length - at) + 1);
        byte[] changed = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> changed[at] = (byte) random.nextInt(256);
            case 1 -> changed[at] = (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
            case 2 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 3 -> {
                changed = new byte[bytes.length - length];
                System.arraycopy(bytes, 0, changed, 0, at);
                System.arraycopy(bytes, at + length, changed, at, bytes.length - at - length);
            }
            default -> {
                changed = new byte[bytes.length + length];
                System.arraycopy(bytes, 0, changed, 0, at + length);
                System.arraycopy(bytes, at, changed, at + length, bytes.length - at);
            }
        }
        return changed;
    }
}
