package dev.graft.torch;

import dev.graft.graph.Attribute;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Numbers, attributes and arrays that operators do not expect. */
final class HostileValues {
    /** Attributes that many operators read. */
    static final List<String> NAMES = List.of(
            "axis",
            "axes",
            "keepdims",
            "perm",
            "to",
            "mode",
            "pads",
            "strides",
            "dilations",
            "kernel_shape",
            "group",
            "alpha",
            "beta",
            "epsilon",
            "transA",
            "value",
            "blocksize",
            "num_heads",
            "scale",
            "batch_dims",
            "k",
            "auto_pad",
            "ceil_mode",
            "direction",
            "hidden_size",
            "size",
            "num_outputs",
            "equation",
            "p",
            "split");

    private static final long[] WHOLES = {
        0,
        1,
        2,
        3,
        7,
        -1,
        -2,
        -3,
        64,
        1L << 20,
        1L << 31,
        -(1L << 31),
        1L << 32,
        1L << 40,
        -(1L << 40),
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
    };
    private static final float[] REALS = {
        0,
        -0f,
        1,
        -1,
        0.5f,
        3,
        1e-30f,
        1e30f,
        Float.MAX_VALUE,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
    };
    private static final List<String> TEXTS = List.of(
            "", "constant", "reflect", "SAME_UPPER", "VALID", "linear", "ij,jk->ik", "ii", "...", "add", "\u00e4");
    private static final List<ElementType> TYPES = List.of(
            ElementType.FLOAT,
            ElementType.DOUBLE,
            ElementType.FLOAT16,
            ElementType.BFLOAT16,
            ElementType.BOOL,
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.INT16,
            ElementType.UINT16,
            ElementType.INT32,
            ElementType.UINT32,
            ElementType.INT64,
            ElementType.UINT64,
            ElementType.COMPLEX64,
            ElementType.INT4,
            ElementType.FLOAT8E4M3FN,
            ElementType.STRING);
    private static final int MOST_ELEMENTS = 1 << 16;

    private final Random random;

    HostileValues(Random random) {
        this.random = random;
    }

    /** A value in an attribute's place: mostly of its kind, sometimes of another. */
    Attribute attribute(Optional<Attribute> before) {
        if (before.isPresent() && random.nextInt(4) > 0) {
            Optional<Attribute> same = sameKind(before.get());
            if (same.isPresent()) {
                return same.get();
            }
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Attribute.Whole(whole());
            case 2 -> new Attribute.Real(real());
            case 3 -> new Attribute.Text(TEXTS.get(random.nextInt(TEXTS.size())));
            case 4 -> new Attribute.Wholes(wholes(random.nextInt(5)));
            default -> new Attribute.Tensor(array(Array.of(new float[] {1, 2}, 2)));
        };
    }

    private Optional<Attribute> sameKind(Attribute before) {
        if (before instanceof Attribute.Whole) {
            return Optional.of(new Attribute.Whole(whole()));
        } else if (before instanceof Attribute.Real) {
            return Optional.of(new Attribute.Real(real()));
        } else if (before instanceof Attribute.Text) {
            return Optional.of(new Attribute.Text(TEXTS.get(random.nextInt(TEXTS.size()))));
        } else if (before instanceof Attribute.Wholes wholes) {
            var changed = new ArrayList<>(wholes.values());
            if (changed.isEmpty() || random.nextInt(4) == 0) {
                return Optional.of(new Attribute.Wholes(wholes(random.nextInt(6))));
            }
            changed.set(random.nextInt(changed.size()), whole());
            return Optional.of(new Attribute.Wholes(changed));
        } else if (before instanceof Attribute.Tensor tensor) {
            return Optional.of(new Attribute.Tensor(array(tensor.value())));
        }
        return Optional.empty();
    }

    private List<Long> wholes(int count) {
        var values = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            values.add(random.nextBoolean() ? random.nextInt(4) : whole());
        }
        return values;
    }

    private long whole() {
        return random.nextInt(3) == 0 ? random.nextInt(9) - 4 : WHOLES[random.nextInt(WHOLES.length)];
    }

    private float real() {
        return REALS[random.nextInt(REALS.length)];
    }

    /** An array in another's place. */
    Array array(Array before) {
        return switch (random.nextInt(4)) {
            case 0 -> filled(before.type(), shape(before.shape()));
            case 1 -> filled(TYPES.get(random.nextInt(TYPES.size())), before.shape());
            case 2 -> filled(TYPES.get(random.nextInt(TYPES.size())), shape(before.shape()));
            default -> spiked(before);
        };
    }

    private long[] shape(long[] before) {
        long[] shape = before.clone();
        switch (random.nextInt(5)) {
            case 0 -> shape = Arrays.copyOf(shape, Math.max(0, shape.length - 1));
            case 1 -> {
                shape = Arrays.copyOf(shape, shape.length + 1);
                shape[shape.length - 1] = 1L + random.nextInt(3);
            }
            case 2 -> shape = new long[random.nextInt(6)];
            default -> {
                if (shape.length > 0) {
                    shape[random.nextInt(shape.length)] = random.nextInt(4) == 0 ? 1000 : random.nextInt(6);
                }
            }
        }
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = elements * shape[i] > MOST_ELEMENTS ? 1 : shape[i];
            elements *= shape[i];
        }
        return shape;
    }

    private Array filled(ElementType type, long[] shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (type == ElementType.STRING) {
            return Array.ofStrings(java.util.Collections.nCopies(elements, "a"), shape);
        }
        byte[] bytes = new byte[(int) type.bytes(elements)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            for (int i = 0; i < bytes.length; i += Math.max(1, type.bits() / 8)) {
                bytes[i] = (byte) random.nextInt(4);
            }
        }
        return type == ElementType.BOOL ? truths(bytes, shape) : Array.of(type, shape, ByteBuffer.wrap(bytes));
    }

    private static Array truths(byte[] bytes, long[] shape) {
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes[i] & 1) == 1;
        }
        return Array.of(values, shape);
    }

    /** The array with some extreme elements. */
    private Array spiked(Array before) {
        if (before.type() == ElementType.STRING || before.type().bits() < 8 || before.elements() == 0) {
            return before;
        }
        byte[] bytes = new byte[before.bytes().remaining()];
        before.bytes().get(bytes);
        ByteBuffer changed = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int width = before.type().bits() / 8;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length / width) * width;
            switch (before.type()) {
                case FLOAT -> changed.putFloat(at, real());
                case DOUBLE -> changed.putDouble(at, real());
                case INT64, UINT64 -> changed.putLong(at, whole());
                case INT32, UINT32 -> changed.putInt(at, (int) whole());
                case BOOL -> changed.put(at, (byte) random.nextInt(2));
                default -> changed.put(at, (byte) whole());
            }
        }
        return Array.of(before.type(), before.shape(), ByteBuffer.wrap(bytes));
    }

    static String describe(Attribute value) {
        return value instanceof Attribute.Tensor tensor ? describe(tensor.value()) : value.toString();
    }

    static String describe(Array array) {
        boolean shown = array.elements() <= 8
                && List.of(ElementType.INT64, ElementType.INT32, ElementType.BOOL)
                        .contains(array.type());
        return array + (shown ? " " + Arrays.toString(array.longs()) : "");
    }
}
