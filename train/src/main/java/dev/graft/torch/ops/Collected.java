package dev.graft.torch.ops;

import dev.graft.graph.Dimension;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.ElementType;
import dev.graft.torch.Body;
import dev.graft.torch.Call;
import dev.graft.torch.Tensors;
import dev.graft.torch.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What one result of a repeated body was in each round. */
final class Collected {
    private final Call in;
    private final ValueInfo declared;
    private final List<Tensor> tensors = new ArrayList<>();
    private long bytes;

    private Collected(Call in, ValueInfo declared) {
        this.in = in;
        this.declared = declared;
    }

    /** An empty collection for each result of a body from one on. */
    static List<Collected> all(Call in, Body body, int from) {
        List<ValueInfo> outputs = body.outputs();
        return outputs.subList(from, outputs.size()).stream()
                .map(output -> new Collected(in, output))
                .toList();
    }

    /** Takes the results of one round, one for each collection. */
    static void add(List<Collected> collections, List<Value> results) {
        for (int i = 0; i < collections.size(); i++) {
            collections.get(i).add(results.get(i));
        }
    }

    private void add(Value result) {
        Tensor tensor = tensor(in, result);
        bytes += tensor.nbytes();
        Operands.requireRoom(in, 1, bytes);
        if (!tensors.isEmpty() && !Arrays.equals(tensor.shape(), tensors.get(0).shape())) {
            throw in.refuse("gathers '" + declared.name() + "' of shape "
                    + Arrays.toString(tensors.get(0).shape()) + ", then of " + Arrays.toString(tensor.shape()));
        }
        tensors.add(tensor);
    }

    static Tensor tensor(Call in, Value value) {
        if (value instanceof Value.Single single) {
            return single.tensor();
        }
        throw in.refuse("can gather tensors only, not " + value.kind());
    }

    /** All rounds along a new axis, which may be counted from the last. */
    Tensor stacked(long axis) {
        if (tensors.isEmpty()) {
            return ofNoRound(axis);
        }
        int place = Operands.axis(in, axis, tensors.get(0).dim() + 1);
        return torch.stack(new TensorVector(tensors.toArray(new Tensor[0])), place);
    }

    /** The same, the last round first. */
    Tensor stackedBackwards(long axis) {
        Collections.reverse(tensors);
        return stacked(axis);
    }

    /** The declared type and shape, with size 0 for what is not declared. */
    private Tensor ofNoRound(long axis) {
        var shape = new ArrayList<Long>();
        for (Dimension dimension : declared.shape().orElse(List.of())) {
            shape.add(dimension instanceof Dimension.Fixed fixed ? fixed.size() : 0L);
        }
        shape.add(Operands.axis(in, axis, shape.size() + 1), 0L);
        ScalarType type =
                Operands.type(in, declared.type().orElse(ElementType.FLOAT).code());
        return Tensors.empty(type, shape.stream().mapToLong(Long::longValue).toArray());
    }
}
