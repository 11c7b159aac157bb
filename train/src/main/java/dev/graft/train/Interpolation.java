package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Weights between others. */
final class Interpolation {
    private Interpolation() {}

    /**
     * The weights at a point on the line between two sets; what is no float32 comes from the set at 1.
     *
     * @param zero the set at 0; it has all names of the other
     * @param point 0 to 1
     */
    static Map<String, Array> at(double point, Map<String, Array> zero, Map<String, Array> one) {
        if (point == 1) {
            return one;
        }
        Map<String, Array> between = new LinkedHashMap<>();
        one.forEach((name, array) -> between.put(
                name,
                array.type() == ElementType.FLOAT
                        ? between(point, Objects.requireNonNull(zero.get(name), name), array)
                        : array));
        return between;
    }

    private static Array between(double point, Array zero, Array one) {
        FloatBuffer from = zero.bytes().asFloatBuffer();
        FloatBuffer to = one.bytes().asFloatBuffer();
        ByteBuffer bytes = Array.allocate(one.bytes().remaining());
        FloatBuffer values = bytes.asFloatBuffer();
        float share = (float) point;
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, from.get(i) + share * (to.get(i) - from.get(i)));
        }
        return Array.of(ElementType.FLOAT, one.shape(), bytes);
    }
}
