package dev.graft.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random numbers by position: the n-th is a function of seed, stream and n alone, whatever was drawn before.
 *
 * <p>Libtorch's own generator draws one number after the other and takes most of a dropout's time; here the loops below
 * are such that the JVM turns them into vector instructions. Sources: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) for
 * the key; for each position two rounds of the 32-bit mixer "lowbias32" (Wellons, "Prospecting for hash functions", 2018).
 */
final class RandomStream {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int CHUNK = 8192;
    private static final int HALF = 16;
    private static final int[] POSITIONS = new int[CHUNK];

    private final int first;
    private final int second;

    static {
        Arrays.setAll(POSITIONS, i -> i);
    }

    RandomStream(long seed, long stream) {
        long key = mix(mix(seed + GOLDEN) + (stream + 1) * GOLDEN);
        this.first = (int) (key >>> 32);
        this.second = (int) key;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    /**
     * A float32 tensor in the host's memory whose elements are 0 with probability {@code rate}, else 1 / (1 - rate).
     *
     * <p>One draw of 32 bits decides on two elements, so the rate holds to 2^-16. Of two chunks of elements, the first
     * takes the lower halves of as many draws, the second the upper halves.
     *
     * @param rate 0 or more, below 1
     */
    Tensor dropoutFactors(double rate, long... shape) {
        Tensor factors = Tensors.empty(ScalarType.Float, shape);
        dropoutFactors(rate, factors, 0);
        return factors;
    }

    /** Fills a float32 tensor with what stands from an element on in {@link #dropoutFactors} of a larger shape. */
    void dropoutFactors(double rate, Tensor part, long from) {
        float factor = (float) (1 / (1 - rate));
        int kept = Float.floatToRawIntBits(factor);
        int threshold = threshold(factor);
        int[] draws = new int[CHUNK];
        int[] drawn = {-1};
        fill(part, from, (chunk, base) -> {
            int pair = base / (2 * CHUNK);
            if (drawn[0] != pair) {
                bits(draws, pair * CHUNK);
                drawn[0] = pair;
            }
            factors(draws, base / CHUNK % 2 == 0 ? 0 : HALF, threshold, kept, chunk);
        });
    }

    /**
     * What {@link #dropoutFactors} gives, in bfloat16. That rounds the factor, and the rate is moved with it so that the
     * mean stays 1: 0.0986 and 1.109375 for 0.1. Neighbours share a draw.
     */
    Tensor narrowDropoutFactors(double rate, long... shape) {
        Tensor factors = Tensors.empty(ScalarType.BFloat16, shape);
        narrowDropoutFactors(rate, factors, 0);
        return factors;
    }

    /** Fills a bfloat16 tensor with what stands from an element of even number on. */
    void narrowDropoutFactors(double rate, Tensor part, long from) {
        int kept = Math.round(Float.floatToRawIntBits((float) (1 / (1 - rate))) / (float) (1 << HALF));
        int threshold = threshold(Float.intBitsToFloat(kept << HALF));
        fill(part, from / 2, (chunk, base) -> {
            bits(chunk, base);
            pairs(chunk, threshold, kept);
        });
    }

    /** A float32 tensor in the host's memory of numbers from 0 to below 1. */
    Tensor uniform(long... shape) {
        Tensor numbers = Tensors.empty(ScalarType.Float, shape);
        fill(numbers, 0, this::uniform);
        return numbers;
    }

    @FunctionalInterface
    private interface Fill {
        /** Fills a chunk with what stands from the 32 bits at {@code base} on. */
        void fill(int[] chunk, int base);
    }

    /** Fills a tensor with what stands from so many times 32 bits on. */
    private static void fill(Tensor tensor, long from, Fill fill) {
        long end = from + tensor.nbytes() / Integer.BYTES;
        var target = new IntPointer(tensor.data_ptr());
        int[] chunk = new int[CHUNK];
        for (long at = from; at < end; ) {
            int skipped = (int) (at % CHUNK);
            fill.fill(chunk, (int) (at - skipped));
            int count = (int) Math.min(CHUNK - skipped, end - at);
            target.position(at - from).put(chunk, skipped, count);
            at += count;
        }
        if (tensor.nbytes() % Integer.BYTES != 0) {
            int place = (int) (end % CHUNK);
            fill.fill(chunk, (int) (end - place));
            new ShortPointer(tensor.data_ptr()).put(tensor.numel() - 1, (short) chunk[place]);
        }
    }

    /** Below which of 2^16 numbers an element is dropped for the mean of the factors to be 1. */
    private static int threshold(float factor) {
        return (int) Math.round((1 - 1 / (double) factor) * (1 << HALF));
    }

    private static void factors(int[] draws, int shift, int threshold, int kept, int[] factors) {
        for (int i = 0; i < draws.length; i++) {
            int dropped = ((draws[i] >>> shift & 0xFFFF) - threshold) >> 31;
            factors[i] = ~dropped & kept;
        }
    }

    /** Two bfloat16 factors in the place of each draw. */
    private static void pairs(int[] draws, int threshold, int kept) {
        for (int i = 0; i < draws.length; i++) {
            int first = ((draws[i] & 0xFFFF) - threshold) >> 31;
            int second = ((draws[i] >>> HALF) - threshold) >> 31;
            draws[i] = ~first & kept | ~second & kept << HALF;
        }
    }

    private void uniform(int[] chunk, int base) {
        bits(chunk, base);
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = Float.floatToRawIntBits((chunk[i] >>> 8) * 0x1p-24f);
        }
    }

    private void bits(int[] chunk, int base) {
        int a = base + first;
        int b = second;
        for (int i = 0; i < chunk.length; i++) {
            int x = POSITIONS[i] + a;
            x = (x ^ (x >>> 16)) * 0x7feb352d;
            x = (x ^ (x >>> 15)) * 0x846ca68b;
            x = (x ^ (x >>> 16)) + b;
            x = (x ^ (x >>> 16)) * 0x7feb352d;
            x = (x ^ (x >>> 15)) * 0x846ca68b;
            chunk[i] = x ^ (x >>> 16);
        }
    }
}
