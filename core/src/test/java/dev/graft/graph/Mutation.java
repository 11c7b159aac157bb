package dev.graft.graph;

import java.util.Arrays;
import java.util.Random;

/** Damages files in the ways that find bugs in readers; the same seed gives the same damage. */
public final class Mutation {
    private static final int[] TELLING = {0, 1, 0x7f, 0x80, 0xff};

    private final Random random;

    /** The damage of a seed. */
    public Mutation(long seed) {
        this.random = new Random(seed);
    }

    /** Damages a copy. */
    public byte[] of(byte[] original) {
        byte[] bytes = original.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && bytes.length > 4; i++) {
            bytes = once(bytes);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        int at = place(bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            // Another field number, the wire kind kept.
            case 3 -> bytes[at] = (byte) (bytes[at] & 7 | random.nextInt(16) << 3);
            // Another wire kind, the field number kept.
            case 4 -> bytes[at] = (byte) (bytes[at] & ~7 | random.nextInt(8));
            // A length or number of up to ten bytes.
            case 5 -> {
                return splice(bytes, at, number(), random.nextInt(3));
            }
            // A piece of the file again, which nests and doubles messages.
            case 6 -> {
                int from = place(bytes.length);
                int length = Math.min(random.nextInt(200), bytes.length - from);
                return splice(bytes, at, Arrays.copyOfRange(bytes, from, from + length), random.nextInt(2) * length);
            }
            default -> {
                return splice(bytes, at, new byte[0], random.nextInt(20));
            }
        }
        return bytes;
    }

    /** Most of a model is weights, whose bytes mean little; what means much stands at both ends. */
    private int place(int length) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(Math.min(length, 400));
            case 1 -> length - 1 - random.nextInt(Math.min(length, 2000));
            default -> random.nextInt(length);
        };
    }

    private byte[] number() {
        byte[] bytes = new byte[1 + random.nextInt(10)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= (byte) 0x80;
        }
        bytes[bytes.length - 1] &= 0x7f;
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, byte[] insert, int drop) {
        int rest = Math.max(0, bytes.length - at - drop);
        byte[] result = Arrays.copyOf(bytes, at + insert.length + rest);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(bytes, bytes.length - rest, result, at + insert.length, rest);
        return result;
    }
}
