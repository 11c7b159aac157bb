package dev.graft.torch;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import dev.graft.GraftException;
import dev.graft.tensor.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The state of an optimizer and its step over many weights at once. */
final class AdamW implements AutoCloseable {
    private static final Dispatched FUSED = new Dispatched("aten::_fused_adamw_", "");
    private static final String MEAN = "#exp_avg";
    private static final String SQUARE = "#exp_avg_sq";
    private static final String STEP = "#step";

    private final Map<String, Moments> moments = new TreeMap<>();

    /** What is remembered of a weight's gradients: running means, and the number of steps so far as a float scalar. */
    private record Moments(Tensor mean, Tensor square, Tensor step) {
        static Moments of(Tensor weight) {
            return new Moments(keep(zeros_like(weight)), keep(zeros_like(weight)), keep(Tensors.of(Array.scalar(0f))));
        }
    }

    /** A weight with what moves it. */
    private record Moved(Tensor weight, Tensor gradient, Moments moments) {}

    private record Group(double rate, double decay) {}

    /** Moves each weight by its gradient; gradients are left as they are. */
    void step(Map<String, Tensor> weights, Optimizer settings, ToDoubleFunction<String> rateOfWeight) {
        var groups = new LinkedHashMap<Group, List<Moved>>();
        try (PointerScope scope = new PointerScope()) {
            weights.forEach((name, weight) -> {
                Tensor gradient = weight.grad();
                if (gradient.defined()) {
                    var group = new Group(rateOfWeight.applyAsDouble(name), settings.decayOf(name));
                    groups.computeIfAbsent(group, key -> new ArrayList<>())
                            .add(new Moved(weight, gradient, moments(name, weight)));
                }
            });
            groups.forEach((group, moved) -> step(group, moved, settings));
        }
    }

    private Moments moments(String name, Tensor weight) {
        return moments.computeIfAbsent(name, key -> Moments.of(weight));
    }

    private static void step(Group group, List<Moved> moved, Optimizer settings) {
        moved.forEach(each -> each.moments().step().add_(new Scalar(1)));
        FUSED.call(
                Dispatched.list(moved.stream().map(Moved::weight).toList()),
                Dispatched.list(moved.stream().map(Moved::gradient).toList()),
                Dispatched.list(
                        moved.stream().map(each -> each.moments().mean()).toList()),
                Dispatched.list(
                        moved.stream().map(each -> each.moments().square()).toList()),
                Dispatched.list(List.of()),
                Dispatched.list(
                        moved.stream().map(each -> each.moments().step()).toList()),
                new IValue(group.rate()),
                new IValue(settings.beta1()),
                new IValue(settings.beta2()),
                new IValue(group.decay()),
                new IValue(settings.epsilon()),
                new IValue(false),
                new IValue(false),
                new IValue(),
                new IValue());
        moved.forEach(each -> countChange(each.weight()));
    }

    /** The fused operator, called by name, does not tell libtorch that it changes weights. */
    private static void countChange(Tensor weight) {
        weight.unsafeGetTensorImpl().bump_version();
    }

    /** All state by name. */
    Map<String, Array> state(Function<Tensor, Array> reading) {
        var state = new LinkedHashMap<String, Array>();
        try (PointerScope scope = new PointerScope()) {
            moments.forEach((name, known) -> {
                state.put(name + MEAN, reading.apply(known.mean()));
                state.put(name + SQUARE, reading.apply(known.square()));
                state.put(name + STEP, reading.apply(known.step()));
            });
        }
        return state;
    }

    /**
     * Takes up a state in place of the present one.
     *
     * @throws GraftException if the state does not fit the weights
     */
    void load(Map<String, Array> state, Map<String, Tensor> weights) {
        close();
        weights.forEach((name, weight) -> {
            if (state.containsKey(name + STEP)) {
                Moments loaded = moments(name, weight);
                copy(state, name + MEAN, loaded.mean());
                copy(state, name + SQUARE, loaded.square());
                copy(state, name + STEP, loaded.step());
            }
        });
    }

    private static void copy(Map<String, Array> state, String name, Tensor into) {
        Array array = state.get(name);
        if (array == null) {
            throw new GraftException("The optimizer's state lacks '" + name + "'; the checkpoint is not whole");
        }
        Tensors.copy(name, array, into);
    }

    private static Tensor keep(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    @Override
    public void close() {
        moments.values().forEach(known -> {
            known.mean().deallocate();
            known.square().deallocate();
            known.step().deallocate();
        });
        moments.clear();
    }
}
