package dev.graft.torch;

import static dev.graft.torch.Hostile.floats;
import static dev.graft.torch.Hostile.longs;
import static dev.graft.torch.OneNode.node;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks, scales, caches, classes and phrases that cannot be end in one error that names the node. */
class HostileQuantizedTest {
    private static final long HUGE = 1L << 44;

    private static Array ints(int... values) {
        return Array.of(values, values.length);
    }

    private static Array bytes(long... shape) {
        return MicrosoftCase.whole(ElementType.UINT8, shape);
    }

    private static Node with(Node node, String attribute, long value) {
        return node.with(attribute, new Attribute.Whole(value));
    }

    static Stream<Hostile> quantised() {
        Node quantise = node("QuantizeLinear", 2);
        Node blocks = with(quantise, "block_size", 2);
        Node packed = with(with(node("MatMulNBits", 3).in("com.microsoft"), "K", 16), "N", 2);
        Array packedBytes = bytes(2, 1, 8);
        return Stream.of(
                Hostile.of(quantise, "3 scales or zero points", floats(2, 2), floats(3)),
                Hostile.of(with(quantise, "axis", 2), "axis 2", floats(2, 2), floats(2)),
                Hostile.of(blocks, "scales of 1 dimensions", floats(2, 4), floats(2)),
                Hostile.of(blocks, "3 blocks of 2", floats(2, 4), floats(2, 3)),
                Hostile.of(with(quantise, "block_size", -1), "blocks of -1", floats(2, 4), floats(2, 2)),
                Hostile.of(with(quantise, "block_size", HUGE), "2 blocks of", floats(2, 4), floats(2, 2)),
                Hostile.of(with(quantise, "output_dtype", 99), "failed", floats(2), floats()),
                Hostile.of(with(quantise, "output_dtype", 8), "output_dtype 8", floats(2), floats()),
                Hostile.of(node("MatMulInteger", 2), "memory", bytes(1 << 22, 0), bytes(0, 1 << 22)),
                Hostile.of(node("MatMulInteger", 2), "failed", bytes(2, 3), bytes(2, 3)),
                Hostile.of(node("ConvInteger", 2), "kernels of 2 dimensions", bytes(1, 1, 3), bytes(1, 1)),
                Hostile.of(packed, "block_size=0", floats(1, 16), packedBytes, floats(2)),
                Hostile.of(with(packed, "block_size", 32), "packed weights", floats(1, 16), packedBytes, floats(2)),
                Hostile.of(with(packed, "block_size", HUGE), "packed weights", floats(1, 16), packedBytes, floats(2)),
                Hostile.of(with(packed, "block_size", 16), "failed", floats(1, 16), packedBytes, floats(3)),
                Hostile.of(
                        with(with(packed, "block_size", 16), "bits", 3),
                        "bits=3",
                        floats(1, 16),
                        packedBytes,
                        floats(2)));
    }

    static Stream<Hostile> caches() {
        Node scatter = node("TensorScatter", 3);
        Array state = floats(1, 3, 8);
        Node grouped =
                with(with(node("GroupQueryAttention", 7).in("com.microsoft"), "num_heads", 2), "kv_num_heads", 1);
        Node cached = grouped.reading(List.of("a", "b", "c", "", "", "d", "e"));
        Array total = Array.of(new int[] {3});
        Array half = floats(1, 3, 4);
        return Stream.of(
                Hostile.of(scatter, "failed", floats(1, 4, 2), floats(1, 2, 2), longs(3)),
                Hostile.of(scatter, "failed", floats(1, 4, 2), floats(1, 2, 2), longs(-1)),
                Hostile.of(scatter, "failed", floats(1, 4, 2), floats(1, 2, 3), longs(0)),
                Hostile.of(with(node("Attention", 3), "q_num_heads", 3), "into 3 heads", state, state, state),
                Hostile.of(node("Attention", 3), "among 2 of queries", heads(2), heads(0), heads(0)),
                Hostile.of(node("Attention", 3), "memory", wide(), wide(), wide()),
                Hostile.of(cached, "memory", state, half, half, ints(2), Array.of(new int[] {Integer.MAX_VALUE})),
                Hostile.of(cached, "failed", state, half, half, ints(7), Array.of(new int[] {4})),
                Hostile.of(cached, "failed", state, half, half, ints(2), Array.of(new int[] {-4})),
                Hostile.of(with(cached, "num_heads", 0), "into 0 heads", state, half, half, ints(2), total));
    }

    private static Array heads(long count) {
        return floats(1, count, 2, 2);
    }

    private static Array wide() {
        return floats(1, 1, 1 << 22, 0);
    }

    static Stream<Hostile> others() {
        Node phrases = node("TfIdfVectorizer", 1)
                .with("pool_int64s", new Attribute.Wholes(List.of(1L, 2L)))
                .with("ngram_counts", new Attribute.Wholes(List.of(0L)));
        Node loss = node("NegativeLogLikelihoodLoss", 2);
        return Stream.of(
                Hostile.of(loss, "outside the 3 classes", floats(2, 3), longs(0, 3)),
                Hostile.of(loss, "outside the 3 classes", floats(2, 3), longs(0, -1)),
                Hostile.of(loss, "failed", floats(2, 3), longs(0, 1, 2)),
                Hostile.of(node("SoftmaxCrossEntropyLoss", 3), "failed", floats(2, 3), longs(0, 2), floats(1)),
                Hostile.of(node("EyeLike", 1), "needs a matrix", floats(2)),
                Hostile.of(node("Det", 1), "failed", floats(2, 3)),
                Hostile.of(phrases, "do not fit", longs(1)),
                Hostile.of(phrases.with("ngram_indexes", new Attribute.Wholes(List.of(0L, HUGE))), "memory", longs(1)),
                Hostile.of(
                        with(
                                phrases.with("ngram_indexes", new Attribute.Wholes(List.of(0L, 1L))),
                                "min_gram_length",
                                -3),
                        "phrases of -3 numbers",
                        longs(1)),
                Hostile.of(node("TfIdfVectorizer", 1), "phrases of text", longs(1)),
                Hostile.of(with(node("BitCast", 1), "to", 11), "another number of bits", floats(2)));
    }

    @ParameterizedTest
    @MethodSource({"quantised", "caches", "others"})
    void isRefusedByName(Hostile hostile) {
        hostile.assertRefused(26);
    }
}
