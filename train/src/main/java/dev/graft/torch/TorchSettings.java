package dev.graft.torch;

/**
 * How libtorch runs.
 *
 * @param device where graphs run; a device that this machine lacks is refused, never replaced
 * @param threads the number of threads of one operator, 1 or more
 * @param precision what graphs are computed in
 * @param listener hears when native libraries are unpacked
 * @param gradientCheckpointing whether learning computes values once more on its way back rather than keeping them:
 *     less memory, one more way forward in each step, and the same gradients
 */
public record TorchSettings(
        Device device, int threads, Precision precision, NativesListener listener, boolean gradientCheckpointing) {
    public TorchSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, not " + threads);
        }
    }

    /** Settings that keep what the way back needs. */
    public TorchSettings(Device device, int threads, Precision precision, NativesListener listener) {
        this(device, threads, precision, listener, false);
    }

    /** The CPU, a thread a core, nobody listening. */
    public static TorchSettings defaults() {
        return new TorchSettings(
                Device.CPU,
                java.lang.Runtime.getRuntime().availableProcessors(),
                Precision.FP32,
                NativesListener.SILENT);
    }

    /** These settings with another number of threads. */
    public TorchSettings withThreads(int otherThreads) {
        return new TorchSettings(device, otherThreads, precision, listener, gradientCheckpointing);
    }

    /** These settings with another precision. */
    public TorchSettings withPrecision(Precision other) {
        return new TorchSettings(device, threads, other, listener, gradientCheckpointing);
    }

    /** These settings, computing values once more on the way back or not. */
    public TorchSettings withGradientCheckpointing(boolean again) {
        return new TorchSettings(device, threads, precision, listener, again);
    }
}
