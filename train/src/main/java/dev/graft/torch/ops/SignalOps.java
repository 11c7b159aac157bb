package dev.graft.torch.ops;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Sound and other signals: spectra, windows, the mel scale. A last axis of two holds real and imaginary parts. */
final class SignalOps {
    private SignalOps() {}

    static void register(OpTable ops) {
        ops.op("DFT", 17, in -> dft(in, in.whole("axis", 1)));
        ops.op("DFT", 20, in -> dft(in, in.has(2) ? in.scalarWhole(2) : -2));
        ops.op("STFT", 17, SignalOps::stft);
        ops.op("HannWindow", 17, in -> window(in, 0.5, -0.5, 0));
        ops.op("HammingWindow", 17, in -> window(in, 25 / 46.0, -21 / 46.0, 0));
        ops.op("BlackmanWindow", 17, in -> window(in, 0.42, -0.5, 0.08));
        ops.op("MelWeightMatrix", 17, SignalOps::melWeights);
        ops.withoutGradient("HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix");
    }

    private static Tensor dft(Call in, long givenAxis) {
        Tensor x = in.tensor(0);
        int axis = Operands.axis(in, givenAxis, x.dim());
        if (axis == x.dim() - 1) {
            throw in.refuse("transforms the last axis, which holds real and imaginary parts");
        }
        boolean oneSided = in.flag("onesided", false);
        boolean inverse = in.flag("inverse", false);
        long size = x.size(axis);
        long length = in.has(1) ? in.scalarWhole(1) : oneSided && inverse ? 2 * (size - 1) : size;
        requireLength(in, length, x);
        Tensor signal = signal(in, widened(x));
        Tensor spectrum =
                inverse ? inverse(signal, length, axis, oneSided) : spectrum(in, signal, length, axis, oneSided);
        return Operands.as(spectrum, Operands.type(x));
    }

    private static void requireLength(Call in, long length, Tensor x) {
        if (length < 1) {
            throw in.refuse("transforms " + length + " elements of shape " + Arrays.toString(x.shape()));
        }
        Operands.requireRoom(in, 4L * Double.BYTES, length, Math.max(1, x.numel() / Math.max(1, x.size(-1))));
    }

    /** Libtorch has transforms of float32 and float64 only. */
    private static Tensor widened(Tensor x) {
        return Operands.type(x) == ScalarType.Double ? x : Operands.as(x, ScalarType.Float);
    }

    /** Without its last axis: complex, or real where there is no imaginary part. */
    private static Tensor signal(Call in, Tensor x) {
        long parts = x.size(-1);
        if (parts != 1 && parts != 2) {
            throw in.refuse("needs real parts, or real and imaginary ones, along the last axis, not " + parts);
        }
        return parts == 1 ? x.squeeze(-1) : torch.view_as_complex(x.contiguous());
    }

    private static Tensor spectrum(Call in, Tensor signal, long length, int axis, boolean oneSided) {
        if (oneSided && signal.is_complex()) {
            throw in.refuse("gives one side of the spectrum for real signals only");
        }
        var size = new LongOptional(length);
        Tensor spectrum = oneSided
                ? torch.fft_rfft(signal, size, axis, new StringViewOptional())
                : torch.fft_fft(signal, size, axis, new StringViewOptional());
        return torch.view_as_real(torch.resolve_conj(spectrum));
    }

    private static Tensor inverse(Tensor spectrum, long length, int axis, boolean oneSided) {
        var size = new LongOptional(length);
        return oneSided
                ? torch.fft_irfft(spectrum, size, axis, new StringViewOptional())
                        .unsqueeze(-1)
                : torch.view_as_real(
                        torch.resolve_conj(torch.fft_ifft(spectrum, size, axis, new StringViewOptional())));
    }

    private static Tensor stft(Call in) {
        Tensor x = in.tensor(0);
        Tensor signal = x.dim() == 2 ? widened(x) : signal(in, widened(Operands.ofRank(in, 0, 3)));
        long samples = signal.size(1);
        long step = in.scalarWhole(1);
        long length = in.has(3)
                ? in.scalarWhole(3)
                : in.has(2) ? Operands.ofRank(in, 2, 1).size(0) : samples;
        if (step < 1 || length < 1 || length > samples) {
            throw in.refuse("cuts frames of " + length + " samples every " + step + " of " + samples);
        }
        Operands.requireRoom(in, 4L * Double.BYTES, signal.size(0), (samples - length) / step + 1, length);
        Tensor frames = signal.unfold(1, length, step);
        if (in.has(2)) {
            Operands.requireShape(in, 2, length);
            frames = torch.mul(frames, widened(in.tensor(2)));
        }
        return Operands.as(spectrum(in, frames, length, 2, in.flag("onesided", true)), Operands.type(x));
    }

    /** A sum of cosines over one period, which a periodic window leaves one step before its end. */
    private static Tensor window(Call in, double constant, double once, double twice) {
        long size = in.scalarWhole(0);
        Operands.requireRoom(in, Double.BYTES, size);
        long steps = Math.max(1, in.flag("periodic", true) ? size : size - 1);
        Tensor angle = torch.mul(Operands.counting(size, in.tensor(0)), new Scalar(2 * Math.PI / steps));
        Tensor wide = Operands.as(angle, ScalarType.Double);
        Tensor first = torch.mul(torch.cos(wide), new Scalar(once));
        Tensor second = torch.mul(torch.cos(torch.mul(wide, new Scalar(2))), new Scalar(twice));
        Tensor window = torch.add(torch.add(first, second), new Scalar(constant));
        return in.device().move(window.to(outputType(in)));
    }

    private static ScalarType outputType(Call in) {
        return Operands.type(in, in.whole("output_datatype", ElementType.FLOAT.code()));
    }

    /** Triangles over the spectrum's bins, their corners equally far apart on the mel scale. */
    private static Tensor melWeights(Call in) {
        long triangles = in.scalarWhole(0);
        long length = in.scalarWhole(1);
        long rate = in.scalarWhole(2);
        if (triangles < 1 || length < 1 || rate < 1) {
            throw in.refuse("spreads " + length + " samples at rate " + rate + " over " + triangles + " mel bins");
        }
        long bins = length / 2 + 1;
        Operands.requireRoom(in, 2L * Float.BYTES, bins, triangles);
        double low = mel(in.scalar(3));
        double stride = (mel(in.scalar(4)) - low) / (triangles + 2);
        long[] corners = new long[Math.toIntExact(triangles + 2)];
        for (int i = 0; i < corners.length; i++) {
            double hertz = 700 * (Math.pow(10, (low + i * stride) / 2595) - 1);
            corners[i] = (long) Math.floor((length + 1) * hertz / rate);
        }
        float[] weights = new float[Math.toIntExact(bins * triangles)];
        for (int i = 0; i < triangles; i++) {
            triangle(weights, i, (int) triangles, corners);
        }
        return in.device().move(Tensors.of(Array.of(weights, bins, triangles)).to(outputType(in)));
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static void triangle(float[] weights, int which, int triangles, long[] corners) {
        long low = corners[which];
        long peak = corners[which + 1];
        long high = corners[which + 2];
        long bins = weights.length / triangles;
        for (long bin = Math.max(0, low); bin < Math.min(bins, Math.max(high, peak + 1)); bin++) {
            double height = bin == peak
                    ? 1
                    : bin < peak ? (bin - low) / (double) (peak - low) : (high - bin) / (double) (high - peak);
            weights[(int) bin * triangles + which] = (float) height;
        }
    }
}
