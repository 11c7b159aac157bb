package dev.graft.torch;

import static dev.graft.torch.GradientCase.aboveOne;
import static dev.graft.torch.GradientCase.none;
import static dev.graft.torch.GradientCase.of;
import static dev.graft.torch.GradientCase.positive;
import static dev.graft.torch.GradientCase.real;
import static dev.graft.torch.GradientCase.whole;

import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.List;

/** The nodes whose gradients are compared with differences: each operator that has one, over several shapes. */
final class GradientCases {
    private static final String MICROSOFT = "com.microsoft";
    private static final Array TOKENS = Array.of(new int[] {1, 0, 1, 0}, 2, 2);

    private GradientCases() {}

    static List<GradientCase> all() {
        var cases = new ArrayList<GradientCase>();
        elementwise(cases);
        activations(cases);
        products(cases);
        reductions(cases);
        shapes(cases);
        cuts(cases);
        indices(cases);
        norms(cases);
        attention(cases);
        fused(cases);
        microsoft(cases);
        VisionGradientCases.addTo(cases);
        cases.addAll(QuantizedGradientCases.all());
        RecurrentGradientCases.addTo(cases);
        cases.addAll(GenericGradientCases.all());
        cases.addAll(MicrosoftGradientCases.all());
        return cases;
    }

    private static void elementwise(List<GradientCase> cases) {
        for (String operator : List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")) {
            cases.add(of(operator, 13, real(2, 3), real(2, 3)));
            cases.add(of(operator, 13, real(2, 1, 3), real(4, 1)));
            cases.add(of(operator, 13, real(), real(3)));
        }
        cases.add(of("Sum", 13, real(2), real(3, 2), real(1)));
        cases.add(of("Pow", 15, positive(2, 3), real(3)));
        cases.add(of("Pow", 15, real(2, 3), whole(3)));
        cases.add(of("Mod", 13, real(2, 3), positive(3)).with("fmod", 1));
        cases.add(of("Clip", 13, real(3, 4), Array.of(new double[] {-0.5}), Array.of(new double[] {0.5})));
        cases.add(of("Clip", 6, real(3, 4)).with("min", -0.5f).with("max", 0.5f));
        for (String operator : List.of(
                "Neg",
                "Abs",
                "Exp",
                "Erf",
                "Sin",
                "Cos",
                "Tan",
                "Asin",
                "Acos",
                "Atan",
                "Sinh",
                "Cosh",
                "Asinh",
                "Atanh",
                "Reciprocal",
                "Identity")) {
            cases.add(of(operator, 13, real(2, 3)));
            cases.add(of(operator, 13, real()));
        }
        for (String operator : List.of("Sqrt", "Log")) {
            cases.add(of(operator, 13, positive(2, 3)));
        }
        cases.add(of("Acosh", 13, aboveOne(2, 3)));
        cases.add(of("Cast", 13, real(2, 3)).with("to", 11));
        cases.add(of("CastLike", 15, real(2, 3), real(1)));
        cases.add(of("Where", 16, Array.of(new boolean[] {true, false, true}, 3), real(2, 3), real(2, 1)));
    }

    private static void activations(List<GradientCase> cases) {
        for (String operator : List.of(
                "Relu",
                "Sigmoid",
                "Tanh",
                "LeakyRelu",
                "Elu",
                "Selu",
                "Celu",
                "ThresholdedRelu",
                "HardSigmoid",
                "HardSwish",
                "Mish",
                "Softplus",
                "Softsign")) {
            cases.add(of(operator, 22, real(2, 3)));
        }
        cases.add(of("Swish", 24, real(2, 3)).with("alpha", 1.5f));
        cases.add(of("ThresholdedRelu", 22, real(2, 6)).with("alpha", 0.3f));
        cases.add(of("Gelu", 20, real(2, 3)));
        cases.add(of("Gelu", 20, real(2, 3)).with("approximate", "tanh"));
        cases.add(of("PRelu", 16, real(2, 3), real(3)));
        for (String operator : List.of("Softmax", "LogSoftmax")) {
            cases.add(of(operator, 13, real(2, 3)));
            cases.add(of(operator, 13, real(2, 3, 2)).with("axis", 1));
            cases.add(of(operator, 11, real(2, 3, 2)).with("axis", 1));
        }
    }

    private static void products(List<GradientCase> cases) {
        cases.add(of("MatMul", 13, real(2, 3), real(3, 2)));
        cases.add(of("MatMul", 13, real(3), real(3, 2)));
        cases.add(of("MatMul", 13, real(2, 1, 2, 3), real(4, 3, 2)));
        cases.add(of("Gemm", 13, real(2, 3), real(3, 4), real(4)));
        cases.add(of("Gemm", 13, real(3, 2), real(4, 3), real(2, 1))
                .with("transA", 1)
                .with("transB", 1)
                .with("alpha", 0.5f)
                .with("beta", 2f));
        cases.add(of("Gemm", 13, real(2, 3), real(3, 4)));
        cases.add(of("Einsum", 12, real(2, 3), real(3, 4)).with("equation", "ij,jk->ki"));
        cases.add(of("Einsum", 12, real(2, 3, 2), real(2, 4, 2)).with("equation", "bid,bjd->bij"));
    }

    private static void reductions(List<GradientCase> cases) {
        for (String operator : List.of(
                "ReduceSum",
                "ReduceMean",
                "ReduceMax",
                "ReduceMin",
                "ReduceProd",
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceSumSquare")) {
            cases.add(of(operator, 18, positive(2, 3, 2), whole(1)));
            cases.add(of(operator, 18, positive(2, 3, 2), whole(-1, 0)).with("keepdims", 0));
            cases.add(of(operator, 11, positive(2, 3)).with("axes", List.of(1L)));
            cases.add(of(operator, 11, positive(2, 3)));
        }
        cases.add(of("CumSum", 14, real(2, 3), whole(1)));
        cases.add(of("CumSum", 14, real(2, 3), whole(0)).with("reverse", 1).with("exclusive", 1));
    }

    private static void shapes(List<GradientCase> cases) {
        cases.add(of("Reshape", 14, real(2, 3, 2), whole(0, -1)));
        cases.add(of("Flatten", 13, real(2, 3, 2)).with("axis", 2));
        cases.add(of("Squeeze", 13, real(1, 3, 1), whole(-1)));
        cases.add(of("Squeeze", 11, real(1, 3, 1)));
        cases.add(of("Unsqueeze", 13, real(2, 3), whole(0, -1)));
        cases.add(of("Unsqueeze", 11, real(2, 3)).with("axes", List.of(1L)));
        cases.add(of("Transpose", 13, real(2, 3, 2)).with("perm", List.of(2L, 0L, 1L)));
        cases.add(of("Transpose", 13, real(2, 3)));
        cases.add(of("Expand", 13, real(3, 1), whole(2, 1, 4)));
        cases.add(of("Tile", 13, real(2, 3), whole(2, 1)));
    }

    private static void cuts(List<GradientCase> cases) {
        cases.add(of("Concat", 13, real(2, 3), real(2, 1)).with("axis", -1));
        cases.add(of("Split", 13, real(5, 2), whole(2, 3)).among(1, 0));
        cases.add(of("Split", 18, real(5, 2)).with("num_outputs", 3).among(1, 1));
        cases.add(of("Slice", 13, real(4, 3), whole(1, 0), whole(Long.MAX_VALUE, 2)));
        cases.add(of("Slice", 13, real(5), whole(-1), whole(Long.MIN_VALUE), whole(0), whole(-2)));
        cases.add(of("Slice", 9, real(4, 3)).with("starts", List.of(1L)).with("ends", List.of(3L)));
        for (String mode : List.of("constant", "edge", "reflect", "wrap")) {
            cases.add(of("Pad", 19, real(2, 3), whole(0, 2, 1, 1)).with("mode", mode));
        }
        cases.add(of("Trilu", 14, real(3, 3), whole(1)));
        cases.add(of("Trilu", 14, real(2, 3, 3)).with("upper", 0));
    }

    private static void indices(List<GradientCase> cases) {
        cases.add(of("Gather", 13, real(4, 3), Array.of(new long[] {3, 0, -1, 0}, 2, 2)));
        cases.add(of("Gather", 13, real(2, 4, 3), whole(3, 1)).with("axis", 1));
        cases.add(of("Gather", 13, real(4), Array.scalar(-1L)));
        cases.add(of("GatherElements", 13, real(3, 2), Array.of(new long[] {2, -1, 0, 0}, 2, 2)));
        cases.add(of("GatherND", 13, real(3, 2, 2), Array.of(new long[] {2, -1, 0, 1}, 2, 2)));
        cases.add(of("GatherND", 13, real(2, 3, 2), Array.of(new long[] {2, 0}, 2, 1))
                .with("batch_dims", 1));
        Array places = Array.of(new long[] {2, 0}, 2, 1);
        Array elements = Array.of(new long[] {2, 0, 1, -1}, 2, 2);
        for (String reduction : List.of("none", "add", "mul", "min", "max")) {
            cases.add(
                    of("ScatterND", 18, positive(3, 2), places, positive(2, 2)).with("reduction", reduction));
            cases.add(of("ScatterElements", 18, positive(3, 2), elements, positive(2, 2))
                    .with("reduction", reduction));
        }
        cases.add(of("Scatter", 9, positive(3, 2), elements, positive(2, 2)));
        cases.add(of("OneHot", 11, whole(1, -1), whole(3), real(2)));
        cases.add(of("TopK", 11, real(2, 5), whole(3)).among(0, 1));
    }

    private static void norms(List<GradientCase> cases) {
        cases.add(of("LayerNormalization", 17, real(2, 3, 4), real(4), real(4)));
        cases.add(of("LayerNormalization", 17, real(2, 3, 4), real(3, 4)).with("axis", 1));
        cases.add(of("LayerNormalization", 17, real(2, 4), real(1), real(4)));
        cases.add(of("RMSNormalization", 23, real(2, 3, 4), real(4)));
        cases.add(of("RMSNormalization", 23, real(2, 3, 4), real(3, 4)).with("axis", 1));
        cases.add(of("SimplifiedLayerNormalization", 17, real(2, 4), real(4)));
        cases.add(of("LpNormalization", 1, real(2, 4)));
        cases.add(of("LpNormalization", 1, real(2, 4)).with("p", 1).with("axis", 0));
    }

    private static void attention(List<GradientCase> cases) {
        cases.add(of("Attention", 23, real(1, 2, 3, 2), real(1, 2, 4, 2), real(1, 2, 4, 3)));
        cases.add(of("Attention", 23, real(1, 2, 3, 2), real(1, 1, 3, 2), real(1, 1, 3, 2), real(3, 3))
                .with("is_causal", 1));
        cases.add(of("Attention", 23, real(1, 3, 4), real(1, 2, 4), real(1, 2, 4))
                .with("q_num_heads", 2)
                .with("kv_num_heads", 2)
                .with("softcap", 1.5f));
        cases.add(of("RotaryEmbedding", 23, real(1, 2, 3, 4), real(1, 3, 2), real(1, 3, 2)));
        cases.add(of("RotaryEmbedding", 23, real(1, 3, 8), real(5, 1), real(5, 1), Array.of(new long[] {4, 0, 1}, 1, 3))
                .with("num_heads", 2)
                .with("interleaved", 1)
                .with("rotary_embedding_dim", 2));
    }

    private static void fused(List<GradientCase> cases) {
        cases.add(
                of(FusedOperators.LAYER_NORM, 17, real(2, 4), real(4), real(4)).in(FusedOperators.DOMAIN));
        cases.add(of(FusedOperators.NARROW, 17, real(2, 3)).in(FusedOperators.DOMAIN));
        cases.add(of(FusedOperators.WIDEN, 17, real(2, 3)).in(FusedOperators.DOMAIN));
        cases.add(of(FusedOperators.GELU, 17, real(2, 4)).in(FusedOperators.DOMAIN));
        cases.add(of(FusedOperators.LINEAR, 17, real(2, 3, 4), real(4, 2), real(2))
                .in(FusedOperators.DOMAIN));
        cases.add(of(FusedOperators.LINEAR, 17, real(3, 4), real(2, 4), none())
                .in(FusedOperators.DOMAIN)
                .with("transposed", 1));
        cases.add(of(FusedOperators.ATTENTION, 17, real(2, 3, 4), real(2, 2, 4), real(2, 2, 4), real(3, 2))
                .in(FusedOperators.DOMAIN)
                .with("heads", 2));
        cases.add(of(FusedOperators.DROPOUT_ADD, 17, real(2, 3), real(2, 3)).in(FusedOperators.DOMAIN));
    }

    private static void microsoft(List<GradientCase> cases) {
        cases.add(of("Gelu", 17, real(2, 3)).in(MICROSOFT));
        cases.add(of("BiasGelu", 17, real(2, 3), real(3)).in(MICROSOFT));
        cases.add(of("FastGelu", 17, real(2, 3), real(3)).in(MICROSOFT));
        cases.add(of("QuickGelu", 17, real(2, 3)).in(MICROSOFT));
        cases.add(of("SkipLayerNormalization", 17, real(2, 3, 4), real(2, 3, 4), real(4), real(4), real(4))
                .in(MICROSOFT)
                .with("epsilon", 1e-5f));
        cases.add(
                of("EmbedLayerNormalization", 17, TOKENS, TOKENS, real(3, 4), real(3, 4), real(2, 4), real(4), real(4))
                        .in(MICROSOFT));
        cases.add(of("FusedMatMul", 17, real(2, 3, 2), real(2, 4, 2))
                .in(MICROSOFT)
                .with("transB", 1)
                .with("alpha", 0.5f));
        cases.add(of("Attention", 17, real(1, 2, 4), real(4, 12), real(12))
                .in(MICROSOFT)
                .with("num_heads", 2));
        cases.add(of("MultiHeadAttention", 17, real(1, 2, 4), real(1, 3, 4), real(1, 3, 4))
                .in(MICROSOFT)
                .with("num_heads", 2));
    }
}
