package dev.graft.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
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
     * @param rate 0 or more, below 1
     */
    Tensor dropoutFactors(double rate, long... shape) {
        int threshold = (int) Math.round(rate * (1L << 31));
        int kept = Float.floatToRawIntBits((float) (1 / (1 - rate)));
        return filled(shape, (chunk, base) -> factors(chunk, base, threshold, kept));
    }

    /** A float32 tensor in the host's memory of numbers from 0 to below 1. */
    Tensor uniform(long... shape) {
        return filled(shape, this::uniform);
    }

    @FunctionalInterface
    private interface Fill {
        /** Fills a chunk with the bits of the floats at positions from {@code base} on. */
        void fill(int[] chunk, int base);
    }

    private static Tensor filled(long[] shape, Fill fill) {
        Tensor tensor = Tensors.empty(ScalarType.Float, shape);
        long count = tensor.numel();
        var target = new IntPointer(tensor.data_ptr());
        int[] chunk = new int[CHUNK];
        for (long from = 0; from < count; from += CHUNK) {
            fill.fill(chunk, (int) from);
            target.position(from).put(chunk, 0, (int) Math.min(CHUNK, count - from));
        }
        return tensor;
    }

    private void factors(int[] chunk, int base, int threshold, int kept) {
        bits(chunk, base);
        for (int i = 0; i < chunk.length; i++) {
            int dropped = ((chunk[i] >>> 1) - threshold) >> 31;
            chunk[i] = ~dropped & kept;
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
