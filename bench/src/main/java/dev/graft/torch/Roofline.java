package dev.graft.torch;

import java.util.Locale;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What this machine can do at most: large products in float32 and bfloat16, and copying.
 *
 * @param float32 10^9 operations a second in a product of 4096 × 4096 matrices
 * @param bfloat16 the same in bfloat16
 * @param memory 10^9 bytes a second read and written by a copy of 256 MiB
 */
public record Roofline(double float32, double bfloat16, double memory) {
    private static final long SIZE = 4096;
    private static final long COPIED = 1L << 26;
    private static final int TIMES = 5;

    /** Prints the limits as a line of JSON; the argument is the number of threads, by default 2. */
    public static void main(String[] arguments) {
        int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        Natives.load(TorchSettings.defaults());
        torch.set_num_threads(threads);
        Roofline found = measured();
        System.out.printf(
                Locale.ROOT,
                "{\"FP32\": %.0f, \"BF16\": %.0f, \"gigabytes_per_s\": %.1f}%n",
                found.float32,
                found.bfloat16,
                found.memory);
    }

    /** The limits under libtorch's present number of threads. */
    static Roofline measured() {
        return Gradients.recording(
                false,
                () -> new Roofline(
                        product(ScalarType.Float),
                        product(ScalarType.BFloat16),
                        2 * COPIED * Float.BYTES / seconds(torch.ones(COPIED), Tensor::clone) / 1e9));
    }

    private static double product(ScalarType type) {
        return 2 * Math.pow(SIZE, 3) / seconds(torch.randn(SIZE, SIZE).to(type), x -> torch.mm(x, x)) / 1e9;
    }

    /** The least time of several. */
    private static double seconds(Tensor x, java.util.function.UnaryOperator<Tensor> operation) {
        return DoubleStream.generate(() -> {
                    long start = System.nanoTime();
                    try (PointerScope scope = new PointerScope()) {
                        operation.apply(x).numel();
                    }
                    return (System.nanoTime() - start) / 1e9;
                })
                .limit(TIMES)
                .min()
                .orElseThrow();
    }

    /** The limit of products in a precision. */
    double products(Precision precision) {
        return precision == Precision.BF16 ? bfloat16 : float32;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "large products: float32 %.0f GFLOP/s, bfloat16 %.0f GFLOP/s; copying %.1f GB/s",
                float32,
                bfloat16,
                memory);
    }
}
