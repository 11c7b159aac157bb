package dev.graft.torch;

import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.tensor.Array;
import dev.graft.torch.ops.Operators;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The gradient of the sum of an output's products with a given array: what autograd says of a graph by itself. */
final class Backward {
    private Backward() {}

    /**
     * The gradients for inputs and weights of a graph.
     *
     * @param projection of the first output's shape; the gradient of the loss for that output
     * @param wanted inputs or weights; where the output does not depend on one, its gradient is 0
     */
    static Map<String, Array> gradients(
            Graph graph, Map<String, Array> inputs, Array projection, Collection<String> wanted) {
        return gradients(graph, inputs, projection, wanted, new Run(false, 0, Device.CPU));
    }

    /** The gradients of a run that may be one of training. */
    static Map<String, Array> gradients(
            Graph graph, Map<String, Array> inputs, Array projection, Collection<String> wanted, Run run) {
        Program program = Program.of(graph.main(), Binding.of(graph, Operators.standard()));
        try (PointerScope scope = new PointerScope();
                Weights weights = new Weights(program, Device.CPU);
                Frame frame = new Frame(program, weights, run)) {
            var leaves = new LinkedHashMap<String, Tensor>();
            inputs.forEach((name, array) -> {
                Tensor tensor = Tensors.of(array);
                leaves.put(name, tensor);
                frame.lend(name, new Value.Single(tensor));
            });
            graph.weights().keySet().stream()
                    .filter(wanted::contains)
                    .forEach(name -> leaves.put(name, weights.named(name)));
            wanted.forEach(name -> leaf(leaves, name).set_requires_grad(true));
            frame.execute();
            ValueInfo output = graph.outputs().get(0);
            torch.sum(torch.mul(frame.tensor(output.name()), Tensors.of(projection)))
                    .backward();
            var gradients = new LinkedHashMap<String, Array>();
            for (String name : wanted) {
                Tensor leaf = leaf(leaves, name);
                Tensor gradient = leaf.grad();
                gradients.put(name, Tensors.array(gradient.defined() ? gradient : torch.zeros_like(leaf)));
            }
            return gradients;
        }
    }

    private static Tensor leaf(Map<String, Tensor> leaves, String name) {
        return Objects.requireNonNull(leaves.get(name), name);
    }
}
