package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.real;

import dev.graft.graph.Attribute;
import dev.graft.tensor.Array;
import java.util.List;

/** Recurrent layers, fused and by step, in every direction, with every operand; then spectra and selections. */
final class RecurrentGradientCases {
    private static final Array LENGTHS = Array.of(new int[] {3, 1}, 2);
    private static final long STEPS = 3;
    private static final long BATCH = 2;
    private static final long INPUTS = 2;
    private static final long HIDDEN = 2;

    private RecurrentGradientCases() {}

    static void addTo(List<GradientCase> cases) {
        for (String direction : List.of("forward", "reverse", "bidirectional")) {
            long d = direction.equals("bidirectional") ? 2 : 1;
            for (Array lengths : List.of(none(), LENGTHS)) {
                cases.add(of("RNN", 14, state(1, d, lengths))
                        .with("direction", direction)
                        .among(0, 1));
                cases.add(of("RNN", 14, state(1, d, lengths))
                        .with("direction", direction)
                        .among(1, 0));
                for (long linearFirst : new long[] {0, 1}) {
                    cases.add(of("GRU", 14, state(3, d, lengths))
                            .with("direction", direction)
                            .with("linear_before_reset", linearFirst)
                            .among(0, 1));
                }
                for (int output = 0; output < 3; output++) {
                    cases.add(of("LSTM", 14, cell(d, lengths, none()))
                            .with("direction", direction)
                            .among(output, 2 - output));
                }
            }
            cases.add(of("LSTM", 14, cell(d, none(), real(d, 3 * HIDDEN))).with("direction", direction));
        }
        cases.add(of("LSTM", 14, cell(1, none(), none())).with("input_forget", 1));
        cases.add(of("LSTM", 14, cell(1, none(), none())).with("clip", 1.5f));
        cases.add(of("GRU", 14, real(STEPS, BATCH, INPUTS), real(1, 3 * HIDDEN, INPUTS), real(1, 3 * HIDDEN, HIDDEN)));
        activations(cases);
        signals(cases);
        selections(cases);
        cases.add(of("ReverseSequence", 10, real(3, 2, 2), Array.of(new long[] {3, 2}, 2)));
        cases.add(of("ReverseSequence", 10, real(2, 3), Array.of(new long[] {1, 3}, 2))
                .with("batch_axis", 0)
                .with("time_axis", 1));
    }

    private static void signals(List<GradientCase> cases) {
        for (Array x : List.of(real(2, 5, 1), real(2, 5, 2), real(4, 3, 2))) {
            for (long inverse : new long[] {0, 1}) {
                cases.add(of("DFT", 17, x).with("inverse", inverse));
                cases.add(of("DFT", 20, x, Array.scalar(4L), Array.scalar(-2L)).with("inverse", inverse));
                cases.add(of("DFT", 20, x, Array.scalar(7L), Array.scalar(0L)).with("inverse", inverse));
            }
        }
        cases.add(of("DFT", 20, real(2, 5, 1)).with("onesided", 1));
        cases.add(of("DFT", 20, real(2, 4, 2)).with("onesided", 1).with("inverse", 1));
        cases.add(of("STFT", 17, real(2, 9, 1), Array.scalar(2L), real(4)));
        cases.add(of("STFT", 17, real(2, 9, 2), Array.scalar(3L), none(), Array.scalar(5L))
                .with("onesided", 0));
    }

    private static void selections(List<GradientCase> cases) {
        Array chosen = Array.of(new boolean[] {true, false, true}, 3);
        cases.add(of("Compress", 11, real(3, 2), chosen).with("axis", 0));
        cases.add(of("Compress", 11, real(3, 2), chosen));
        cases.add(of("Unique", 11, real(3, 2)).among(0, 3));
        cases.add(
                of("Unique", 11, real(2, 3)).with("axis", -1).with("sorted", 0).among(0, 3));
    }

    private static void activations(List<GradientCase> cases) {
        for (String name : List.of("Affine", "ScaledTanh", "HardSigmoid", "Elu", "Softsign", "Softplus", "LeakyRelu")) {
            GradientCase plain = of("RNN", 14, state(1, 1, none()));
            cases.add(new GradientCase(
                    plain.node().with("activations", new Attribute.Texts(List.of(name))),
                    plain.opset(),
                    plain.operands()));
        }
    }

    private static Array[] state(long gates, long d, Array lengths) {
        return new Array[] {
            real(STEPS, BATCH, INPUTS),
            real(d, gates * HIDDEN, INPUTS),
            real(d, gates * HIDDEN, HIDDEN),
            real(d, 2 * gates * HIDDEN),
            lengths,
            real(d, BATCH, HIDDEN)
        };
    }

    private static Array[] cell(long d, Array lengths, Array peepholes) {
        Array[] state = state(4, d, lengths);
        Array[] all = java.util.Arrays.copyOf(state, 8);
        all[6] = real(d, BATCH, HIDDEN);
        all[7] = peepholes;
        return all;
    }
}
