package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unsigned numbers of 16, 32 and 64 bits, which libtorch holds and hardly computes with, up to their greatest. */
class WideUnsignedTest {
    private static Array of(ElementType type, long... values) {
        int width = type.bits() / Byte.SIZE;
        ByteBuffer buffer = Array.allocate((long) width * values.length);
        for (int i = 0; i < values.length; i++) {
            for (int b = 0; b < width; b++) {
                buffer.put(i * width + b, (byte) (values[i] >>> b * Byte.SIZE));
            }
        }
        return Array.of(type, new long[] {values.length}, buffer);
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void theGreatestIsGreaterThanOne(ElementType type) {
        Array greatest = of(type, -1, 1, 7);
        Array others = of(type, 1, -1, 7);
        assertThat(OneNode.run("Greater", 13, greatest, others).longs()).containsExactly(1, 0, 0);
        assertThat(OneNode.run("LessOrEqual", 16, greatest, others).longs()).containsExactly(0, 1, 1);
        assertThat(OneNode.run("Max", 13, greatest, others)).isEqualTo(of(type, -1, -1, 7));
        assertThat(OneNode.run("Min", 13, greatest, others)).isEqualTo(of(type, 1, 1, 7));
        assertThat(OneNode.run("ArgMax", 13, greatest).longs()).containsExactly(0);
        assertThat(OneNode.run("TopK", 11, greatest, longs(2))).isEqualTo(of(type, -1, 7));
        assertThat(OneNode.run("Clip", 13, greatest, scalar(type, 2), scalar(type, 9)))
                .isEqualTo(of(type, 9, 2, 7));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void theExtremesOfNothingAreTheEndsOfTheRange(ElementType type) {
        Array nothing = of(type);
        assertThat(OneNode.run("ReduceMin", 20, nothing, longs(0))).isEqualTo(of(type, -1));
        assertThat(OneNode.run("ReduceMax", 20, nothing, longs(0))).isEqualTo(of(type, 0));
        assertThat(OneNode.run("ReduceMax", 20, of(type, 3, -1), longs(0))).isEqualTo(of(type, -1));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void sumsWrapAroundAndElementsMove(ElementType type) {
        Array x = of(type, -1, 2, 3);
        assertThat(OneNode.run("Add", 14, x, x)).isEqualTo(of(type, -2, 4, 6));
        assertThat(OneNode.run("ReduceSum", 13, x, longs(0))).isEqualTo(of(type, 4));
        assertThat(OneNode.run("CumSum", 14, x, Array.scalar(0L))).isEqualTo(of(type, -1, 1, 4));
        assertThat(OneNode.run("Abs", 13, x)).isEqualTo(x);
        assertThat(OneNode.run("GatherElements", 13, x, longs(2, 0))).isEqualTo(of(type, 3, -1));
        assertThat(OneNode.run("ScatterElements", 18, x, longs(1), of(type, -1)))
                .isEqualTo(of(type, -1, -1, 3));
        assertThat(OneNode.run("NonZero", 13, x).longs()).containsExactly(0, 1, 2);
    }

    private static Array longs(long... values) {
        return Array.of(values, values.length);
    }

    private static Array scalar(ElementType type, long value) {
        return of(type, value).reshape();
    }
}
