package dev.graft.torch.ops;

import dev.graft.graph.Attribute;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Changes of element type. */
final class TypeOps {
    private TypeOps() {}

    static void register(OpTable ops) {
        ops.op("Cast", 1, in -> cast(in, held(in, wanted(in))));
        ops.op("CastLike", 15, in -> cast(in, Operands.type(in.tensor(1))));
        ops.op("BitCast", 26, TypeOps::bitCast);
        ops.withoutGradient("BitCast");
    }

    private static Tensor cast(Call in, ScalarType type) {
        return Casts.to(in.tensor(0), type, in.flag("saturate", true), in.text("round_mode", "up"));
    }

    /** The bits as they are; those of fewer than a byte lie in its lowest. */
    private static Tensor bitCast(Call in) {
        Tensor x = in.tensor(0);
        ElementType from = Tensors.elementType(x);
        ElementType to = wanted(in);
        ScalarType type = held(in, to);
        if (from.bits() != to.bits()) {
            throw in.refuse("reads " + from.text() + " as " + to.text() + ", which has another number of bits");
        } else if (to.bits() >= Byte.SIZE) {
            return x.view(type);
        }
        Tensor bits = torch.bitwise_and(x.view(ScalarType.Byte), new Scalar((1 << to.bits()) - 1));
        ScalarType unsigned = to.bits() == 4 ? ScalarType.UInt4 : ScalarType.UInt2;
        return Casts.isNarrowWhole(type) ? Casts.to(bits.view(unsigned), type) : bits.view(type);
    }

    private static ScalarType held(Call in, ElementType type) {
        return Tensors.scalarType(type)
                .orElseThrow(() -> in.refuse("casts to " + type.text() + ", which libtorch does not compute with"));
    }

    /** The type's code, or in the first operator set its name. */
    private static ElementType wanted(Call in) {
        String name = in.node().attributes().get("to") instanceof Attribute.Text text ? text.value() : "";
        try {
            return name.isEmpty()
                    ? ElementType.of(Math.toIntExact(in.whole("to", ElementType.FLOAT.code())))
                    : ElementType.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw in.refuse("failed: it casts to an unknown element type; " + e.getMessage());
        }
    }
}
