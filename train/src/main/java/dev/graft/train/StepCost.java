package dev.graft.train;

import dev.graft.torch.AttentionMemory;
import dev.graft.torch.Footprint;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a step takes by its shape, from three small steps: activations are {@code fixed + rows (perToken tokens + perSquare
 * tokens²)} and what fused attention keeps, for all but attention goes token by token.
 *
 * @param perSquare what grows by tokens² where attention is not fused
 * @param gradients of the weights that learn, in bytes
 * @param optimizer what it remembers, in bytes
 * @param secondsPerToken of the largest of the steps
 */
record StepCost(
        double fixed,
        double perToken,
        double perSquare,
        AttentionMemory attention,
        long gradients,
        long optimizer,
        double secondsPerToken) {
    private static final int FEW = 2;

    /** Long enough for what grows by tokens² to stand out from what the JVM's compilers take meanwhile. */
    private static final int SHORT = 64;

    /**
     * Takes the steps; empty where this machine does not tell what is allocated.
     *
     * @param longest of the rows, in tokens; the model may not bear longer ones
     */
    static Optional<StepCost> measure(Network network, TextRows rows, int longest, Loss loss, Optimizer optimizer) {
        int length = Math.max(1, Math.min(SHORT, longest / 2));
        Optional<Footprint> few = step(network, rows, FEW, length, loss, optimizer);
        if (few.isEmpty()) {
            return Optional.empty();
        }
        Footprint more = step(network, rows, 2 * FEW, length, loss, optimizer).orElseThrow();
        Footprint longer =
                step(network, rows, 2 * FEW, 2 * length, loss, optimizer).orElseThrow();
        AttentionMemory attention = network.attentionMemory();
        double first = few.get().activations() - attention.bytes(FEW, length);
        double last = longer.activations() - attention.bytes(2 * FEW, 2 * length);
        double perRow = (more.activations() - few.get().activations()) / (double) FEW;
        double perSquare = attention.nodes() > 0
                ? 0
                : Math.max(0, (last - first - 3 * FEW * perRow) / (4.0 * FEW * length * length));
        double perToken = (last - first - 7.0 * FEW * perSquare * length * length) / (3.0 * FEW * length);
        return Optional.of(new StepCost(
                first - FEW * (perToken * length + perSquare * length * length),
                perToken,
                perSquare,
                attention,
                Math.max(few.get().gradients(), longer.gradients()),
                few.get().optimizer(),
                longer.seconds() / (2 * FEW * 2 * length)));
    }

    private static Optional<Footprint> step(
            Network network, TextRows rows, int count, int tokens, Loss loss, Optimizer optimizer) {
        int[] batch = IntStream.range(0, count * loss.passes())
                .map(row -> row % count % rows.size())
                .toArray();
        TextRows stretched = rows.ofLength(tokens);
        return Footprint.of(network, stretched.inputs(batch), stretched.targets(batch), loss, optimizer);
    }

    /** Bytes that the way forward of a batch holds. */
    long activations(int rows, int tokens) {
        double each = perToken * tokens + perSquare * tokens * (double) tokens;
        return Math.max(0, Math.round(fixed + rows * each + attention.bytes(rows, tokens)));
    }
}
