package dev.graft.torch.ops;

import dev.graft.tensor.ElementType;
import dev.graft.torch.Call;
import dev.graft.torch.OpTable;
import dev.graft.torch.Tensors;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Changes of element type. */
final class TypeOps {
    private TypeOps() {}

    static void register(OpTable ops) {
        ops.op("Cast", 6, in -> Operands.as(in.tensor(0), wanted(in)));
        ops.op("CastLike", 15, in -> Operands.as(in.tensor(0), Operands.type(in.tensor(1))));
    }

    private static ScalarType wanted(Call in) {
        ElementType type = ElementType.of(Math.toIntExact(in.whole("to", ElementType.FLOAT.code())));
        return Tensors.scalarType(type)
                .orElseThrow(() -> in.refuse("casts to " + type.text() + ", which libtorch does not compute with"));
    }
}
