package dev.graft.torch;

import dev.graft.graph.Node;
import dev.graft.tensor.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a step of learning holds in memory beside the weights, in bytes.
 *
 * @param activations the most that the way forward holds for the way back, and what an operator makes on its way
 * @param gradients of the weights that learn
 * @param optimizer what is remembered of each weight from step to step
 * @param seconds that forward, backward and the optimizer took
 */
public record Footprint(long activations, long gradients, long optimizer, double seconds) {
    /** A step at rate 0, which leaves the weights as they are. */
    private static final double STANDING = 0;

    /**
     * Takes two steps of no consequence: the first tells the time, in the second it is counted after each node what is
     * allocated. The process should do nothing else meanwhile.
     *
     * @return empty where the JVM does not tell what is allocated
     */
    public static Optional<Footprint> of(
            Network network, Map<String, Array> inputs, Array targets, Loss loss, Optimizer optimizer) {
        if (NativeMemory.now().isEmpty()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        network.learn(inputs, targets, loss, Tap.NONE);
        network.step(optimizer, weight -> STANDING);
        double seconds = (System.nanoTime() - start) / 1e9;
        var most = new Most();
        long before = allocated();
        network.learn(inputs, targets, loss, most);
        network.clear();
        return Optional.of(new Footprint(
                most.bytes - before,
                network.trainableBytes(),
                network.optimizerStateInPlace().values().stream()
                        .mapToLong(array -> array.bytes().remaining())
                        .sum(),
                seconds));
    }

    private static long allocated() {
        return NativeMemory.now().map(NativeMemory::allocated).orElse(0L);
    }

    /** Remembers the most that was allocated after any node. */
    private static final class Most implements Tap {
        private long bytes;

        @Override
        public void ran(Node node, List<long[]> operands, List<long[]> results) {
            bytes = Math.max(bytes, allocated());
        }
    }
}
