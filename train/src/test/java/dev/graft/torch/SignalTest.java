package dev.graft.torch;

import static dev.graft.torch.OneNode.node;
import static dev.graft.torch.OneNode.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import org.junit.jupiter.api.Test;

/** Spectra beside the sum that defines them, and windows beside their formulas. */
class SignalTest {
    private static final double FLOAT64 = 1e-12;
    private static final float FLOAT32 = 1e-6f;

    private static Attribute whole(long value) {
        return new Attribute.Whole(value);
    }

    /** The defining sum over the rows of [size, parts], cut or padded with zeros to a length: [length, 2]. */
    private static double[] byDefinition(double[] x, int parts, int length, boolean inverse) {
        double[] spectrum = new double[2 * length];
        double sign = inverse ? 2 * Math.PI : -2 * Math.PI;
        for (int k = 0; k < length; k++) {
            for (int n = 0; n < Math.min(length, x.length / parts); n++) {
                double angle = sign * k * n / length;
                double real = x[n * parts];
                double imaginary = parts == 2 ? x[n * parts + 1] : 0;
                spectrum[2 * k] += real * Math.cos(angle) - imaginary * Math.sin(angle);
                spectrum[2 * k + 1] += real * Math.sin(angle) + imaginary * Math.cos(angle);
            }
        }
        for (int i = 0; inverse && i < spectrum.length; i++) {
            spectrum[i] /= length;
        }
        return spectrum;
    }

    @Test
    void theTransformIsTheSumThatDefinesIt() {
        for (int parts : new int[] {1, 2}) {
            Array x = GradientCheck.random(5, parts);
            for (int length : new int[] {5, 3, 8}) {
                for (boolean inverse : new boolean[] {false, true}) {
                    Node dft = node("DFT", 3).with("inverse", whole(inverse ? 1 : 0));
                    Array spectrum = run(dft, 20, x, Array.scalar((long) length), Array.scalar(0L));
                    assertThat(spectrum.shape()).containsExactly(length, 2);
                    assertThat(Doubles.values(spectrum))
                            .containsExactly(byDefinition(Doubles.values(x), parts, length, inverse), offset(FLOAT64));
                }
            }
        }
    }

    @Test
    void oneSideOfTheSpectrumGivesTheRealSignalBack() {
        for (long length : new long[] {6, 7}) {
            Array x = GradientCheck.random(2, length, 1);
            Array half = run(node("DFT", 1).with("onesided", whole(1)), 20, x);
            assertThat(half.shape()).containsExactly(2, length / 2 + 1, 2);
            Node back = node("DFT", 2).with("onesided", whole(1)).with("inverse", whole(1));
            Array again = run(back, 20, half, Array.scalar(length));
            assertThat(again.shape()).containsExactly(2, length, 1);
            assertThat(Doubles.values(again)).containsExactly(Doubles.values(x), offset(FLOAT64));
        }
        Node back = node("DFT", 1).with("onesided", whole(1)).with("inverse", whole(1));
        assertThat(run(back, 20, GradientCheck.random(1, 4, 2)).shape()).containsExactly(1, 6, 1);
    }

    @Test
    void theAxisIsAnAttributeAtFirstAndTheLastOfTheSignalLater() {
        Array x = GradientCheck.random(2, 3, 4, 1);
        assertThat(run("DFT", 17, x)).isEqualTo(run(node("DFT", 1).with("axis", whole(-3)), 17, x));
        assertThat(run("DFT", 20, x)).isEqualTo(run(node("DFT", 1).with("axis", whole(2)), 17, x));
    }

    @Test
    void halfPrecisionKeepsItsType() {
        Node cast = node("Cast", 1).with("to", whole(ElementType.FLOAT16.code()));
        Array x = run(cast, 13, GradientCheck.random(1, 4, 1));
        assertThat(run("DFT", 20, x).type()).isEqualTo(ElementType.FLOAT16);
    }

    @Test
    void shortTimeSpectraAreSpectraOfWindowedFrames() {
        Array signal = GradientCheck.random(1, 10, 1);
        Array window = Array.of(new double[] {0.25, 1, 0.5, 2}, 4);
        Array spectra = run("STFT", 17, signal, Array.scalar(3L), window, Array.scalar(4L));
        assertThat(spectra.shape()).containsExactly(1, 3, 3, 2);
        double[] all = Doubles.values(spectra);
        for (int frame = 0; frame < 3; frame++) {
            double[] windowed = new double[4];
            for (int i = 0; i < 4; i++) {
                windowed[i] = Doubles.values(signal)[3 * frame + i] * Doubles.values(window)[i];
            }
            double[] expected = byDefinition(windowed, 1, 4, false);
            for (int i = 0; i < 6; i++) {
                assertThat(all[6 * frame + i]).isCloseTo(expected[i], offset(FLOAT64));
            }
        }
    }

    @Test
    void framesAreAsLongAsTheWindowOrAsTheSignal() {
        Array signal = GradientCheck.random(2, 10, 1);
        Array window = GradientCheck.random(4);
        assertThat(run("STFT", 17, signal, Array.scalar(3L), window).shape()).containsExactly(2, 3, 3, 2);
        assertThat(run("STFT", 17, signal, Array.scalar(3L)).shape()).containsExactly(2, 1, 6, 2);
        Node both = node("STFT", 4).with("onesided", whole(0));
        Array complex = GradientCheck.random(2, 10, 2);
        assertThat(run(both, 17, complex, Array.scalar(1L), window, Array.scalar(4L))
                        .shape())
                .containsExactly(2, 7, 4, 2);
    }

    @Test
    void windowsArePeriodicUnlessTheyAreSymmetric() {
        float[] periodic = run("HannWindow", 17, Array.scalar(4L)).floats();
        assertThat(periodic).containsExactly(new float[] {0, 0.5f, 1, 0.5f}, offset(FLOAT32));
        Node symmetric = node("HannWindow", 1).with("periodic", whole(0));
        assertThat(run(symmetric, 17, Array.scalar(5L)).floats())
                .containsExactly(new float[] {0, 0.5f, 1, 0.5f, 0}, offset(FLOAT32));
        assertThat(run("HammingWindow", 17, Array.scalar(2L)).floats())
                .containsExactly(new float[] {4 / 46f, 1}, offset(FLOAT32));
        assertThat(run("BlackmanWindow", 17, Array.scalar(2L)).floats())
                .containsExactly(new float[] {0, 1}, offset(FLOAT32));
        Node wide = node("HannWindow", 1).with("output_datatype", whole(ElementType.DOUBLE.code()));
        assertThat(run(wide, 17, Array.of(new int[] {3})).type()).isEqualTo(ElementType.DOUBLE);
        assertThat(run("HannWindow", 17, Array.scalar(0L)).shape()).containsExactly(0);
        assertThat(run(symmetric, 17, Array.scalar(1L)).floats()).containsExactly(0);
    }

    @Test
    void everyMelTriangleRisesToOne() {
        Array weights = run(
                "MelWeightMatrix",
                17,
                Array.scalar(8L),
                Array.scalar(64L),
                Array.scalar(8192L),
                Array.scalar(0f),
                Array.scalar(4096f));
        assertThat(weights.shape()).containsExactly(33, 8);
        float[] values = weights.floats();
        for (int triangle = 0; triangle < 8; triangle++) {
            float most = 0;
            for (int bin = 0; bin < 33; bin++) {
                most = Math.max(most, values[8 * bin + triangle]);
            }
            assertThat(most).isEqualTo(1);
        }
    }
}
