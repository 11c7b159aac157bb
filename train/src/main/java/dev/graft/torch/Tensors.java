package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Between arrays, which are values, and libtorch's tensors, which are handles to native memory. */
public final class Tensors {
    private static final Map<ElementType, ScalarType> SCALAR_TYPES = Map.ofEntries(
            Map.entry(ElementType.FLOAT, ScalarType.Float),
            Map.entry(ElementType.DOUBLE, ScalarType.Double),
            Map.entry(ElementType.FLOAT16, ScalarType.Half),
            Map.entry(ElementType.BFLOAT16, ScalarType.BFloat16),
            Map.entry(ElementType.BOOL, ScalarType.Bool),
            Map.entry(ElementType.INT8, ScalarType.Char),
            Map.entry(ElementType.INT16, ScalarType.Short),
            Map.entry(ElementType.INT32, ScalarType.Int),
            Map.entry(ElementType.INT64, ScalarType.Long),
            Map.entry(ElementType.UINT8, ScalarType.Byte),
            Map.entry(ElementType.UINT16, ScalarType.UInt16),
            Map.entry(ElementType.UINT32, ScalarType.UInt32),
            Map.entry(ElementType.UINT64, ScalarType.UInt64),
            Map.entry(ElementType.FLOAT8E4M3FN, ScalarType.Float8_e4m3fn),
            Map.entry(ElementType.FLOAT8E4M3FNUZ, ScalarType.Float8_e4m3fnuz),
            Map.entry(ElementType.FLOAT8E5M2, ScalarType.Float8_e5m2),
            Map.entry(ElementType.FLOAT8E5M2FNUZ, ScalarType.Float8_e5m2fnuz),
            Map.entry(ElementType.FLOAT8E8M0, ScalarType.Float8_e8m0fnu),
            Map.entry(ElementType.UINT4, ScalarType.UInt4),
            Map.entry(ElementType.INT4, ScalarType.Int4),
            Map.entry(ElementType.UINT2, ScalarType.UInt2),
            Map.entry(ElementType.INT2, ScalarType.Int2),
            Map.entry(ElementType.FLOAT4E2M1, ScalarType.Float4_e2m1fn_x2));

    private static final double LARGEST_BFLOAT16 = 0x1.FEp127;

    private Tensors() {}

    /** Libtorch's type for an element type, where it has one. */
    public static Optional<ScalarType> scalarType(ElementType type) {
        return Optional.ofNullable(SCALAR_TYPES.get(type));
    }

    /** The element type of a tensor. */
    public static ElementType elementType(Tensor tensor) {
        return elementType(tensor.scalar_type().intern());
    }

    /** The element type that a type of libtorch's stands for. */
    public static ElementType elementType(ScalarType wanted) {
        return SCALAR_TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == wanted)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new GraftException("No element type stands for libtorch's " + wanted));
    }

    /** An uninitialised tensor in the host's memory. */
    public static Tensor empty(ScalarType type, long... shape) {
        return torch.empty(
                shape,
                new ScalarTypeOptional(type),
                new LayoutOptional(),
                new DeviceOptional(),
                new BoolOptional(),
                new MemoryFormatOptional());
    }

    /**
     * A copy of an array in the host's memory.
     *
     * <p>Weights in a mapped file are copied too: libtorch reading a file that somebody cuts short would end the process.
     * Elements of 4 and 2 bits take a byte each, so that every kernel that moves bytes moves them.
     *
     * @throws GraftException if libtorch has no such element type
     */
    public static Tensor of(Array array) {
        ScalarType type = scalarType(array.type())
                .orElseThrow(() -> new GraftException(
                        "Libtorch has no tensors of " + array.type().text()));
        boolean packed = SubBytes.packs(array.type());
        Tensor tensor = room(packed ? ScalarType.Byte : type, array.shape());
        if (array.elements() > 0) {
            fill(buffer(tensor), array, packed);
        }
        return packed ? tensor.view(type) : tensor;
    }

    private static void fill(ByteBuffer target, Array array, boolean packed) {
        if (packed) {
            target.put(SubBytes.unpacked(array));
        } else {
            array.copyTo(target);
        }
    }

    private static Tensor room(ScalarType type, long[] shape) {
        try {
            return empty(type, shape);
        } catch (RuntimeException e) {
            throw NativeFailure.of("Taking an array of " + shape.length + " dimensions into libtorch", e);
        }
    }

    /** A copy of a tensor's content, wherever it lies. */
    public static Array array(Tensor tensor) {
        ElementType type = elementType(tensor);
        if (SubBytes.packs(type)) {
            Tensor plain = tensor.view(ScalarType.Byte).cpu().contiguous();
            return SubBytes.packed(type, plain.shape(), plain.nbytes() > 0 ? buffer(plain) : Array.allocate(0));
        }
        Tensor host = tensor.detach().cpu().contiguous();
        ByteBuffer bytes = Array.allocate(host.nbytes());
        if (bytes.capacity() > 0) {
            bytes.put(buffer(host)).flip();
        }
        return Array.of(type, host.shape(), bytes);
    }

    /** A tensor's content where it lies, if that is the host's memory, else a copy; valid for as long as the tensor is. */
    static Array inPlace(Tensor tensor) {
        boolean lies = tensor.is_cpu()
                && tensor.is_contiguous()
                && tensor.nbytes() > 0
                && !SubBytes.packs(elementType(tensor));
        return lies ? Array.of(elementType(tensor), tensor.shape(), buffer(tensor)) : array(tensor);
    }

    /**
     * Overwrites a tensor with an array of its type and shape.
     *
     * @throws GraftException if type or shape differ
     */
    static void copy(String name, Array array, Tensor into) {
        if (elementType(into) != array.type() || !Arrays.equals(into.shape(), array.shape())) {
            throw new GraftException("'" + name + "' must be " + describe(into) + ", not " + array);
        }
        try (PointerScope scope = new PointerScope()) {
            into.detach().copy_(of(array));
        }
    }

    /**
     * Overwrites some rows of a tensor.
     *
     * @throws GraftException if the array has another type, other rows or another number of them
     */
    static void copyRows(String name, Array array, Tensor into, Tensor rows) {
        long[] wanted = into.shape();
        wanted[0] = rows.numel();
        if (elementType(into) != array.type() || !Arrays.equals(wanted, array.shape())) {
            throw new GraftException(
                    "'" + name + "' must be " + rows.numel() + " rows of " + describe(into) + ", not " + array);
        }
        try (PointerScope scope = new PointerScope()) {
            Device device = into.is_cpu() ? Device.CPU : Device.CUDA;
            into.detach().index_copy_(0, device.move(rows), device.move(of(array)));
        }
    }

    /** Float32 as bfloat16; what lies beyond its finite range becomes its largest number, so that masks stay finite. */
    public static Tensor narrow(Tensor wide) {
        return torch.clamp(
                        wide,
                        new ScalarOptional(new Scalar(-LARGEST_BFLOAT16)),
                        new ScalarOptional(new Scalar(LARGEST_BFLOAT16)))
                .to(ScalarType.BFloat16);
    }

    /** Type and shape, for example {@code float[3,4]}. */
    static String describe(Tensor tensor) {
        return elementType(tensor).text() + Arrays.toString(tensor.shape()).replace(" ", "");
    }

    /** The memory of a contiguous tensor on the host; valid for as long as the tensor is. */
    static ByteBuffer buffer(Tensor tensor) {
        return new BytePointer(tensor.data_ptr()).capacity(tensor.nbytes()).asByteBuffer();
    }

    /** The content of a tensor of whole numbers or truth values. */
    public static long[] longs(Tensor tensor) {
        Tensor host = tensor.cpu().to(ScalarType.Long).contiguous();
        long[] values = new long[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            host.data_ptr_long().get(values);
        }
        return values;
    }
}
