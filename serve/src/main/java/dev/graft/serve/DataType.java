package dev.graft.serve;

import dev.graft.tensor.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** The tensor data types of the Open Inference Protocol, version 2, that models here read or give. */
enum DataType {
    BOOL(ElementType.BOOL),
    UINT8(ElementType.UINT8),
    INT8(ElementType.INT8),
    INT16(ElementType.INT16),
    INT32(ElementType.INT32),
    INT64(ElementType.INT64),
    FP32(ElementType.FLOAT),
    FP64(ElementType.DOUBLE),
    BYTES(ElementType.STRING);

    private final ElementType type;

    DataType(ElementType type) {
        this.type = type;
    }

    ElementType type() {
        return type;
    }

    /**
     * The type that a request names.
     *
     * @throws Problem if it is none of these
     */
    static DataType named(String tensor, String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.invalid("The tensor '" + Names.shown(tensor) + "' is of the data type '"
                        + Names.shown(name) + "'; taken are " + Arrays.toString(values())));
    }

    /** The type's name in the protocol; empty where it has none that is offered here. */
    static Optional<DataType> of(ElementType type) {
        return Arrays.stream(values()).filter(each -> each.type == type).findFirst();
    }
}
