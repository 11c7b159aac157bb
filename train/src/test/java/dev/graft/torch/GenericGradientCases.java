package dev.graft.torch;

import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.positive;
import static dev.graft.torch.GradientCase.real;
import static dev.graft.torch.GradientCase.whole;

import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;

/** Losses, caches and operators of no larger family, and old meanings, whose gradients are compared with differences. */
final class GenericGradientCases {
    private static final String MICROSOFT = "com.microsoft";

    private GenericGradientCases() {}

    static List<GradientCase> all() {
        var cases = new ArrayList<GradientCase>();
        losses(cases);
        attention(cases);
        cases.add(of("Det", 22, real(2, 3, 3)));
        cases.add(of("Shrink", 9, real(3, 4)).with("lambd", 0.5f).with("bias", 0.3f));
        cases.add(of("CumProd", 26, real(2, 3), whole(1)));
        cases.add(of("CumProd", 26, real(2, 3), whole(0)).with("reverse", 1).with("exclusive", 1));
        cases.add(of("ArrayFeatureExtractor", 1, real(2, 3), whole(2, 0)).in("ai.onnx.ml"));
        for (String operator : List.of("Add", "Sub", "Mul", "Div")) {
            cases.add(
                    of(operator, 6, real(2, 3, 4), real(3)).with("broadcast", 1).with("axis", 1));
        }
        cases.add(of("PRelu", 6, real(2, 3, 4), real(3)));
        cases.add(of("Tile", 1, real(2, 3), whole(2), whole(1)));
        cases.add(of("Pad", 1, real(2, 3)).with("paddings", List.of(0L, 1L, 1L, 0L)));
        cases.add(of("ReduceSumSquare", 18, real(2, 3)).with("noop_with_empty_axes", 1));
        return cases;
    }

    private static void losses(List<GradientCase> cases) {
        Array target = Array.of(new long[] {2, 0}, 2);
        Array grid = Array.of(new long[] {2, 0, 1, 1, 0, 2}, 2, 3);
        for (String operator : List.of("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")) {
            for (String reduction : List.of("mean", "sum", "none")) {
                cases.add(of(operator, 13, real(2, 3), target).with("reduction", reduction));
                cases.add(of(operator, 13, real(2, 3, 3), grid, positive(3))
                        .with("reduction", reduction)
                        .with("ignore_index", 1));
            }
        }
    }

    private static void attention(List<GradientCase> cases) {
        Array blind = Array.of(new boolean[] {true, false, false, false}, 2, 2);
        cases.add(of("Attention", 23, real(1, 2, 2, 4), real(1, 2, 2, 4), real(1, 2, 2, 4), blind));
        cases.add(of("TensorScatter", 24, real(2, 4, 3), real(2, 2, 3), whole(1, 2)));
        cases.add(of("TensorScatter", 24, real(2, 4, 3), real(2, 2, 3), whole(3, 0))
                .with("mode", "circular"));
        cases.add(of("RotaryEmbedding", 1, real(1, 3, 8), whole(1), real(5, 2), real(5, 2))
                .in(MICROSOFT));
        Array last = Array.of(new int[] {2}, 1);
        Array total = Array.of(new int[] {3});
        cases.add(of("GroupQueryAttention", 1, real(1, 3, 8), real(1, 3, 4), real(1, 3, 4), none(), none(), last, total)
                .in(MICROSOFT)
                .with("num_heads", 4)
                .with("kv_num_heads", 2));
    }
}
