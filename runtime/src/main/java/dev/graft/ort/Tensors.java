package dev.graft.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.graft.graph.GraphException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Arrays to and from ONNX Runtime's tensors. */
final class Tensors {
    private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";
    private static final Set<ElementType> UNSIGNED =
            EnumSet.of(ElementType.UINT16, ElementType.UINT32, ElementType.UINT64);

    private Tensors() {}

    /** A tensor over the array's own buffer where that lies outside the heap, else over a copy. */
    static OnnxTensor tensor(OrtEnvironment environment, Array array) throws OrtException {
        if (array.type() == ElementType.STRING) {
            return OnnxTensor.createTensor(environment, array.strings().toArray(String[]::new), array.shape());
        }
        OnnxJavaType type = javaType(array.type())
                .orElseThrow(() -> new GraphException("ONNX Runtime's Java interface takes no "
                        + array.type().text() + " inputs; cast the input inside the graph"));
        return OnnxTensor.createTensor(environment, direct(array.bytes()), array.shape(), type);
    }

    private static ByteBuffer direct(ByteBuffer bytes) {
        if (bytes.isDirect()) {
            return bytes.order(ByteOrder.nativeOrder());
        }
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
        return copy.put(bytes).flip();
    }

    /** The array that a tensor holds, copied, for the tensor's memory is freed with the run. */
    static Array array(String name, OnnxValue value) throws OrtException {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new GraphException(
                    "Output '" + name + "' is no tensor but " + value.getInfo() + "; only tensors can be read");
        }
        TensorInfo info = tensor.getInfo();
        ElementType type = elementType(info);
        if (type == ElementType.STRING) {
            var strings = new ArrayList<String>();
            flatten(tensor.getValue(), strings);
            return Array.ofStrings(strings, info.getShape());
        }
        if (javaType(type).isEmpty() && !UNSIGNED.contains(type)) {
            throw new GraphException("Output '" + name + "' holds " + type.text()
                    + ", which ONNX Runtime's Java interface cannot read; cast it inside the graph");
        }
        return Array.of(type, info.getShape(), tensor.getByteBuffer());
    }

    private static void flatten(Object value, List<String> into) {
        if (value instanceof Object[] parts) {
            for (Object part : parts) {
                flatten(part, into);
            }
        } else {
            into.add((String) value);
        }
    }

    /** ONNX's element type of a tensor: ONNX Runtime's codes differ from ONNX's, its names do not. */
    static ElementType elementType(TensorInfo info) {
        return ElementType.valueOf(info.onnxType.name().substring(PREFIX.length()));
    }

    private static Optional<OnnxJavaType> javaType(ElementType type) {
        return Optional.ofNullable(
                switch (type) {
                    case FLOAT -> OnnxJavaType.FLOAT;
                    case DOUBLE -> OnnxJavaType.DOUBLE;
                    case INT8 -> OnnxJavaType.INT8;
                    case INT16 -> OnnxJavaType.INT16;
                    case INT32 -> OnnxJavaType.INT32;
                    case INT64 -> OnnxJavaType.INT64;
                    case UINT8 -> OnnxJavaType.UINT8;
                    case BOOL -> OnnxJavaType.BOOL;
                    case FLOAT16 -> OnnxJavaType.FLOAT16;
                    case BFLOAT16 -> OnnxJavaType.BFLOAT16;
                    default -> null;
                });
    }
}
