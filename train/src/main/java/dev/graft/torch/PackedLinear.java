package dev.graft.torch;

import dev.graft.graph.Node;
import dev.graft.rewrite.fusion.FusedOperators;
import dev.graft.tensor.Array;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Tensor;

/**
 * Linear layers in bfloat16 whose weights lie as oneDNN's kernels read them, so that no run lays them out again; an
 * activation behind a layer is computed with it.
 *
 * @param inner the size over which is summed
 * @param outer the size of a result's row
 * @param transposed whether the weight stands as [outer, inner]
 */
record PackedLinear(long inner, long outer, boolean transposed) {
    private static final Dispatched LAY_OUT = new Dispatched("mkldnn::_reorder_linear_weight", "");
    private static final Dispatched PRODUCT = new Dispatched("mkldnn::_linear_pointwise", "");
    private static final boolean AVAILABLE = Processor.present().multipliesBfloat16() && known();

    /** The rows that a layout is best for; on processors with AMX it is the same for all. */
    private static final long USUAL_ROWS = 256;

    /** The layer of a node over a weight. */
    static PackedLinear of(Node node, Array weight) {
        boolean transposed = node.whole("transposed", 0) != 0;
        return new PackedLinear(weight.size(transposed ? 1 : 0), weight.size(transposed ? 0 : 1), transposed);
    }

    /** Whether libtorch has such layers on this processor. */
    static boolean available() {
        return AVAILABLE;
    }

    private static boolean known() {
        try {
            Dispatcher.singleton().findSchemaOrThrow(LAY_OUT.name(), LAY_OUT.overload());
            Dispatcher.singleton().findSchemaOrThrow(PRODUCT.name(), PRODUCT.overload());
            return true;
        } catch (RuntimeException absent) {
            return false;
        }
    }

    static boolean isLinear(Node node) {
        return node.domain().equals(FusedOperators.DOMAIN) && node.operator().equals(FusedOperators.LINEAR);
    }

    static boolean isGelu(Node node) {
        return node.domain().equals(FusedOperators.DOMAIN) && node.operator().equals(FusedOperators.GELU);
    }

    /** A weight in bfloat16, laid out for {@link #operator}. */
    Tensor laidOut(Tensor weight) {
        Tensor rows = transposed ? weight : weight.t().contiguous();
        return LAY_OUT.call(new IValue(rows), new IValue(USUAL_ROWS)).get(0).toTensor();
    }

    /** The layer alone. */
    OpTable.Operator operator() {
        return in -> Value.all(List.of(product(in, "none", "")));
    }

    /** The layer and the activation behind it. */
    OpTable.Operator operator(Node gelu) {
        String form = gelu.text("approximate", "none");
        return in -> Value.all(List.of(product(in, "gelu", form)));
    }

    private Tensor product(Call in, String activation, String form) {
        Tensor x = in.tensor(0);
        if (x.dim() < 2 || x.size(-1) != inner) {
            throw in.refuse("multiplies rows of " + inner + " numbers, not " + Tensors.describe(x));
        }
        if (x.numel() == 0) {
            long[] shape = x.shape();
            shape[shape.length - 1] = outer;
            return Tensors.empty(x.scalar_type().intern(), shape);
        }
        IValue bias = in.has(2) ? new IValue(in.tensor(2)) : new IValue();
        var none = new GenericList(OptionalType.get(ListType.ofNumbers().containedType(0)));
        return PRODUCT.call(
                        new IValue(x),
                        new IValue(in.tensor(1)),
                        bias,
                        new IValue(activation),
                        new IValue(none),
                        new IValue(form))
                .get(0)
                .toTensor();
    }
}
