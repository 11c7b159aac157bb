package dev.graft.torch;

import static dev.graft.torch.MicrosoftCase.ints;
import static dev.graft.torch.MicrosoftCase.none;
import static dev.graft.torch.MicrosoftCase.of;
import static dev.graft.torch.MicrosoftCase.real;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention in ONNX Runtime's own domain, in every form of masks, caches and layouts that its CPU kernels take. */
class MicrosoftAttentionTest {
    /** ONNX Runtime sums in another order. */
    private static final double TOLERANCE = 2e-6;

    /** Weights and states of 8 bits are exact; the scales are not. */
    private static final double QUANTISED = 2e-5;

    private static final Array PAST = real(2, 2, 2, 3, 2);

    private static MicrosoftCase attention(Array... more) {
        var operands = new ArrayList<>(List.of(real(2, 4, 4), real(4, 12), real(12)));
        operands.addAll(List.of(more));
        return of("Attention", operands.toArray(new Array[0])).with("num_heads", 2);
    }

    private static MicrosoftCase heads(Array... operands) {
        return of("MultiHeadAttention", operands).with("num_heads", 2);
    }

    static Stream<MicrosoftCase> fused() {
        Array square = Array.of(new int[] {1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1}, 1, 4, 4);
        Array squares = Array.of(new int[32], 2, 4, 4).reshape(2, 4, 4);
        return Stream.of(
                attention(none(), PAST).result(0, 2),
                attention(none(), PAST).result(1, 2),
                attention(none(), PAST).with("unidirectional", 1).result(0, 2),
                attention(Array.of(new int[] {1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1}, 2, 7), PAST)
                        .result(0, 2),
                attention(none(), none(), real(2, 2, 4, 4)),
                attention(none(), none(), real(1, 2, 4, 4)).with("scale", 0.3f),
                attention(ints(3, 4, 1, 0)),
                attention(squares),
                of("Attention", real(1, 4, 4), real(4, 12), real(12), square).with("num_heads", 2),
                attention(ints(3, 4)).with("mask_filter_value", -100f),
                of("Attention", real(2, 3, 4), real(4, 14), real(14))
                        .with("num_heads", 2)
                        .with("qkv_hidden_sizes", new Attribute.Wholes(List.of(4L, 4L, 6L))));
    }

    static Stream<MicrosoftCase> multiHead() {
        Array lengths = ints(2, 5);
        Array padding = Array.of(new int[] {1, 1, 0, 1, 1, 1, 1, 1, 1, 0}, 2, 5);
        return Stream.of(
                heads(real(2, 3, 4), real(2, 5, 4), real(2, 5, 6)),
                heads(real(2, 3, 4), real(2, 5, 4), real(2, 5, 4), none(), lengths),
                heads(real(2, 3, 4), real(2, 5, 4), real(2, 5, 4), real(12), padding),
                heads(real(2, 3, 4), real(2, 5, 4), real(2, 5, 4), none(), none(), real(2, 2, 3, 5)),
                heads(real(2, 3, 4), real(2, 5, 4), real(2, 5, 4), none(), none(), real(1, 1, 3, 5)),
                heads(real(2, 3, 4), real(2, 2, 5, 2), real(2, 2, 5, 2)),
                heads(real(2, 3, 4), real(2, 3, 4), real(2, 3, 4)).with("unidirectional", 1),
                cached().result(0, 3),
                cached().result(1, 3),
                cached().result(2, 3),
                cached().with("unidirectional", 1).result(0, 3));
    }

    private static MicrosoftCase cached() {
        return heads(
                real(2, 3, 4),
                real(2, 3, 4),
                real(2, 3, 4),
                none(),
                none(),
                none(),
                real(2, 2, 4, 2),
                real(2, 2, 4, 2));
    }

    static Stream<MicrosoftCase> grouped() {
        var cases = new ArrayList<MicrosoftCase>();
        for (int result = 0; result < 3; result++) {
            cases.add(prompt(none(), none()).result(result, 3));
            cases.add(token().result(result, 3));
        }
        cases.add(prompt(real(8, 8), real(8, 8)).with("do_rotary", 1).result(0, 3));
        cases.add(prompt(real(8, 8), real(8, 8))
                .with("do_rotary", 1)
                .with("rotary_interleaved", 1)
                .result(1, 3));
        cases.add(prompt(none(), none()).with("local_window_size", 2).result(0, 3));
        cases.add(
                prompt(none(), none()).with("softcap", 1.5f).with("scale", 0.7f).result(0, 3));
        cases.add(of("GroupQueryAttention", real(2, 3, 64), none(), none(), none(), none(), ints(2, 2), total(3))
                .with("num_heads", 4)
                .with("kv_num_heads", 2)
                .result(0, 3));
        return cases.stream();
    }

    private static Array total(int value) {
        return Array.of(new int[] {value});
    }

    private static MicrosoftCase prompt(Array cosine, Array sine) {
        return of(
                        "GroupQueryAttention",
                        real(2, 3, 64),
                        real(2, 3, 32),
                        real(2, 3, 32),
                        none(),
                        none(),
                        ints(2, 2),
                        total(3),
                        cosine,
                        sine)
                .with("num_heads", 4)
                .with("kv_num_heads", 2);
    }

    /** One more token for two rows, of which one is shorter. */
    private static MicrosoftCase token() {
        return of(
                        "GroupQueryAttention",
                        real(2, 1, 64),
                        real(2, 1, 32),
                        real(2, 1, 32),
                        real(2, 2, 6, 16),
                        real(2, 2, 6, 16),
                        ints(3, 5),
                        total(6),
                        real(8, 8),
                        real(8, 8))
                .with("num_heads", 4)
                .with("kv_num_heads", 2)
                .with("do_rotary", 1);
    }

    static Stream<MicrosoftCase> rotary() {
        Array position = Array.of(new long[] {0, 1, 2, 4, 5, 6}, 2, 3);
        return Stream.of(
                of("RotaryEmbedding", real(2, 3, 16), position, real(9, 4), real(9, 4)),
                of("RotaryEmbedding", real(2, 3, 16), Array.of(new long[] {2}, 1), real(9, 4), real(9, 4))
                        .with("interleaved", 1),
                of("RotaryEmbedding", real(2, 2, 3, 8), position, real(9, 4), real(9, 4)),
                of("RotaryEmbedding", real(2, 3, 16), position, real(9, 2), real(9, 2))
                        .with("rotary_embedding_dim", 4)
                        .with("num_heads", 2));
    }

    @ParameterizedTest
    @MethodSource({"fused", "multiHead", "grouped", "rotary"})
    void libtorchAgreesWithOnnxRuntime(MicrosoftCase test) {
        test.assertAgrees(TOLERANCE);
    }

    static Stream<MicrosoftCase> quantised() {
        Array zero = MicrosoftCase.bytes(ElementType.UINT8, new long[0], 120);
        Array weightZero = MicrosoftCase.bytes(ElementType.INT8, new long[0], 3);
        Array states = MicrosoftCase.whole(ElementType.UINT8, 2, 3, 4);
        Array weights = MicrosoftCase.whole(ElementType.INT8, 4, 12);
        Array scale = Array.scalar(0.01f);
        return Stream.of(
                of("QAttention", states, weights, real(12), scale, scale, none(), zero, weightZero)
                        .with("num_heads", 2),
                of("QAttention", states, weights, real(12), scale, scale, ints(2, 3), zero, weightZero)
                        .with("num_heads", 2)
                        .with("unidirectional", 1));
    }

    @ParameterizedTest
    @MethodSource("quantised")
    void quantisedAttentionAgreesWithOnnxRuntime(MicrosoftCase test) {
        test.assertAgrees(QUANTISED);
    }

    /** ONNX Runtime takes packed operands on graphics processors alone. */
    @Test
    void packedOperandsAreThoseOneByOne() {
        Array query = real(1, 2, 1, 1, 2);
        Array key = real(1, 2, 1, 1, 2);
        Array value = real(1, 2, 1, 1, 2);
        Array[] flat = {query.reshape(1, 2, 2), key.reshape(1, 2, 2), value.reshape(1, 2, 2)};
        Array expected = run(flat);
        Array both = OneNode.run(concat(2), 17, key, value);
        assertThat(run(flat[0], both)).isEqualTo(expected);
        assertThat(run(OneNode.run(concat(3), 17, query, key, value))).isEqualTo(expected);
    }

    private static Node concat(int operands) {
        return OneNode.node("Concat", operands).with("axis", new Attribute.Whole(3));
    }

    private static Array run(Array... operands) {
        Node node = OneNode.node("MultiHeadAttention", operands.length).in("com.microsoft");
        return OneNode.run(node.with("num_heads", new Attribute.Whole(1)), 17, operands);
    }
}
