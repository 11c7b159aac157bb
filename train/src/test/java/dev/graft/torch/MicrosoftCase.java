package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.graph.Attribute;
import dev.graft.graph.Node;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A node of ONNX Runtime's own domain, to be run by both runtimes.
 *
 * @param operands of the operands that the node names, in order
 */
record MicrosoftCase(Node node, List<Array> operands) {
    private static final Random RANDOM = new Random(11);

    /** A case of operands, of which those without elements are left out. */
    static MicrosoftCase of(String operator, Array... operands) {
        var names = new ArrayList<String>();
        var given = new ArrayList<Array>();
        for (Array operand : operands) {
            names.add(operand.elements() == 0 ? "" : String.valueOf((char) ('a' + given.size())));
            if (operand.elements() > 0) {
                given.add(operand);
            }
        }
        return new MicrosoftCase(
                Node.of(operator, "y", names.toArray(new String[0])).in("com.microsoft"), given);
    }

    static Array none() {
        return Array.of(new float[0], 0);
    }

    MicrosoftCase with(String attribute, long value) {
        return with(attribute, new Attribute.Whole(value));
    }

    MicrosoftCase with(String attribute, float value) {
        return with(attribute, new Attribute.Real(value));
    }

    MicrosoftCase with(String attribute, String value) {
        return with(attribute, new Attribute.Text(value));
    }

    MicrosoftCase with(String attribute, Attribute value) {
        return new MicrosoftCase(node.with(attribute, value), operands);
    }

    /** The same case looking at another result of several. */
    MicrosoftCase result(int index, int of) {
        var names = new ArrayList<String>();
        for (int i = 0; i < of; i++) {
            names.add(i == index ? "y" : "unread" + i);
        }
        return new MicrosoftCase(node.defining(names), operands);
    }

    static Array real(long... shape) {
        float[] values = new float[count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = RANDOM.nextFloat() * 2 - 1;
        }
        return Array.of(values, shape);
    }

    static Array whole(ElementType type, long... shape) {
        return bytes(type, shape, RANDOM.ints(count(shape), 0, 256).toArray());
    }

    static Array bytes(ElementType type, long[] shape, int... values) {
        ByteBuffer buffer = Array.allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, (byte) values[i]);
        }
        return Array.of(type, shape, buffer);
    }

    static Array ints(int... values) {
        return Array.of(values, values.length);
    }

    private static int count(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Runs the node on ONNX Runtime and on libtorch and compares type, shape and numbers, each to within the tolerance. */
    void assertAgrees(double tolerance) {
        assertAgrees(wanted -> tolerance);
    }

    /** The same, to within a share of the greatest number expected: what sums in another order can differ by. */
    void assertAgreesByShare(double share) {
        assertAgrees(
                wanted -> share * Arrays.stream(wanted).map(Math::abs).max().orElseThrow());
    }

    private void assertAgrees(ToDoubleFunction<double[]> tolerance) {
        Array[] given = operands.toArray(new Array[0]);
        Array expected = OneNode.run(new OrtRuntime(), node, 17, given);
        Array actual = OneNode.run(OneNode.TORCH, node, 17, given);
        assertThat(actual.toString()).isEqualTo(expected.toString());
        double[] wanted = Numbers.of(expected);
        double[] got = Numbers.of(actual);
        for (int i = 0; i < wanted.length; i++) {
            double apart = got[i] == wanted[i] ? 0 : Math.abs(got[i] - wanted[i]);
            assertThat(apart).as("%s[%d]", this, i).isLessThanOrEqualTo(tolerance.applyAsDouble(wanted));
        }
    }

    @Override
    public String toString() {
        return node.operator() + operands + node.attributes() + node.outputs();
    }
}
