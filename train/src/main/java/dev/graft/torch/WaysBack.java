package dev.graft.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch;

/**
 * The ways back that operators of a run compute themselves.
 *
 * <p>Libtorch's own functions with a way back cannot be made from Java. So a result is written over the sum of the operands,
 * of which autograd keeps nothing and which hands the gradient on to each operand as it is; there a hook puts the
 * operand's own in its place. All this must live until the way back is over.
 */
final class WaysBack implements AutoCloseable {
    private final List<Pointer> kept = new ArrayList<>();
    private final List<Tensor> spent = new ArrayList<>();

    /**
     * A result of the operands' shape.
     *
     * @param linked operands of one shape and type that may learn; nobody else may read these handles' tensors
     * @param others operands that do not learn
     */
    Tensor computed(OwnWayBack way, List<Tensor> linked, List<Tensor> others) {
        Tensor result = linked.get(0);
        for (Tensor operand : linked.subList(1, linked.size())) {
            result = torch.add(result, operand);
        }
        Tensor content = result.variable_data();
        var all = new ArrayList<>(linked);
        all.addAll(others);
        List<Tensor> read = Gradients.none(() -> way.forward(all, content));
        if (!result.requires_grad()) {
            return result;
        }
        link(way, result, linked, read);
        return result.view(result.shape());
    }

    private void link(OwnWayBack way, Tensor result, List<Tensor> linked, List<Tensor> read) {
        List<Tensor> held = read.stream().map(Tensor::detach).map(this::keep).toList();
        var passage = new Passage(
                way, held, linked.stream().map(Tensor::requires_grad).toList());
        result.register_hook(keep(passage));
        for (int i = 0; i < linked.size(); i++) {
            if (linked.get(i).requires_grad()) {
                linked.get(i).register_hook(keep(new Exchange(passage, i)));
            }
        }
    }

    private <T extends Pointer> T keep(T pointer) {
        pointer.retainReference();
        kept.add(pointer);
        return pointer;
    }

    /** Frees what libtorch has taken over by now. */
    private void sweep() {
        spent.forEach(Tensor::deallocate);
        spent.clear();
    }

    /** Computes the operands' gradients when that of the result has come. */
    private final class Passage extends VoidTensorHook {
        private final OwnWayBack way;
        private final List<Boolean> learning;
        private List<Tensor> read;
        private List<Tensor> gradients = List.of();

        Passage(OwnWayBack way, List<Tensor> read, List<Boolean> learning) {
            this.way = way;
            this.read = read;
            this.learning = learning;
        }

        @Override
        public void call(TensorBase gradient) {
            sweep();
            try (PointerScope scope = new PointerScope()) {
                gradients = Gradients.none(() -> way.backward(read, new Tensor(gradient)));
                for (int i = 0; i < learning.size(); i++) {
                    if (learning.get(i)) {
                        keep(gradients.get(i));
                    }
                }
            }
            read.forEach(Tensor::deallocate);
            read = List.of();
        }

        Tensor take(int operand) {
            Tensor gradient = Objects.requireNonNull(gradients.get(operand));
            spent.add(gradient);
            return gradient;
        }
    }

    /** Puts an operand's own gradient in the place of the result's. */
    private static final class Exchange extends TensorTensorHook {
        private final Passage passage;
        private final int operand;

        Exchange(Passage passage, int operand) {
            this.passage = passage;
            this.operand = operand;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            return passage.take(operand);
        }
    }

    @Override
    public void close() {
        sweep();
        kept.forEach(Pointer::deallocate);
        kept.clear();
    }
}
