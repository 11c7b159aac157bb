package dev.graft.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What a run that learns has seen of its batch, for the weights that are running averages of it. */
final class Statistics implements AutoCloseable {
    private final Map<String, Tensor> averages = new LinkedHashMap<>();

    /** Moves a running average towards a value of this run: average * momentum + value * (1 - momentum). */
    void follow(String weight, Tensor average, Tensor value, double momentum) {
        Tensor before = averages.getOrDefault(weight, average);
        Tensor after = new Tensor(torch.add(
                torch.mul(before.detach(), new Scalar(momentum)),
                value.detach().to(before.scalar_type()).reshape(before.shape()),
                new Scalar(1 - momentum)));
        after.retainReference();
        Tensor replaced = averages.put(weight, after);
        if (replaced != null) {
            replaced.deallocate();
        }
    }

    /**
     * Writes the averages into the weights.
     *
     * @return the weights' names
     */
    Set<String> store(Weights weights) {
        averages.forEach((name, average) -> weights.named(name).detach().copy_(average));
        return averages.keySet();
    }

    @Override
    public void close() {
        averages.values().forEach(Tensor::deallocate);
    }
}
