package dev.graft.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoDispatchBelowAutograd;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The gradients that weights have gathered, and whether any are gathered. */
final class Gradients {
    private static final Dispatched NORMS = new Dispatched("aten::_foreach_norm", "Scalar");
    private static final Dispatched SCALE = new Dispatched("aten::_foreach_mul_", "Scalar");
    private static final double EPSILON = 1e-6;

    private Gradients() {}

    /** Runs a block with autograd on or off, and puts it back as it was. */
    static <T> T recording(boolean on, java.util.function.Supplier<T> block) {
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(on);
        try {
            return block.get();
        } finally {
            GradMode.set_enabled(before);
        }
    }

    /** Runs a block that never records: libtorch leaves autograd's layer out of each operator, not only its records. */
    static <T> T none(java.util.function.Supplier<T> block) {
        return recording(false, () -> {
            try (var guard = new AutoDispatchBelowAutograd()) {
                return block.get();
            }
        });
    }

    /**
     * Adds to the weights' gradients what the loss asks for; nothing where it depends on no trainable weight.
     *
     * @param graph how errors name the graph
     */
    static void add(Tensor loss, String graph) {
        if (!loss.requires_grad()) {
            return;
        }
        try {
            loss.backward();
        } catch (RuntimeException e) {
            throw NativeFailure.of("The way back through " + graph, e);
        }
    }

    /**
     * Scales all gradients so that their common Euclidean norm is at most a bound; one wait for the device.
     *
     * @return the norm before
     */
    static double clip(Collection<Tensor> weights, double maxNorm) {
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> gradients = of(weights);
            if (gradients.isEmpty()) {
                return 0;
            }
            double norm = norm(gradients);
            double factor = maxNorm / (norm + EPSILON);
            if (factor < 1) {
                SCALE.call(Dispatched.list(gradients), new IValue(new Scalar(factor)));
            }
            return norm;
        }
    }

    private static double norm(List<Tensor> gradients) {
        IValue two = new IValue(new Scalar(2));
        Tensor[] norms = NORMS.call(Dispatched.list(gradients), two, new IValue())
                .get(0)
                .toTensorVector()
                .get();
        return torch.linalg_vector_norm(torch.stack(new TensorVector(norms))).item_double();
    }

    private static List<Tensor> of(Collection<Tensor> weights) {
        var gradients = new ArrayList<Tensor>();
        for (Tensor weight : weights) {
            Tensor gradient = weight.grad();
            if (gradient.defined()) {
                gradients.add(gradient);
            }
        }
        return gradients;
    }

    /** Frees the gradients. */
    static void clear(Collection<Tensor> weights) {
        try (PointerScope scope = new PointerScope()) {
            weights.forEach(weight -> weight.mutable_grad().reset());
        }
    }
}
