package dev.graft.train;

import dev.graft.torch.Footprint;
import dev.graft.torch.Loss;
import dev.graft.torch.Network;
import dev.graft.torch.Optimizer;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a step takes by its shape, from three small steps: activations are {@code fixed + rows (perToken tokens + perSquare
 * tokens²)}, for all but attention goes token by token.
 *
 * @param gradients of the weights that learn, in bytes
 * @param optimizer what it remembers, in bytes
 * @param secondsPerToken of the largest of the steps
 */
record StepCost(
        double fixed, double perToken, double perSquare, long gradients, long optimizer, double secondsPerToken) {
    private static final int FEW = 2;
    private static final int SHORT = 32;

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
        double perRow = (more.activations() - few.get().activations()) / (double) FEW;
        double fixed = more.activations() - 2 * FEW * perRow;
        double perLongRow = (longer.activations() - fixed) / (2 * FEW);
        double perSquare = Math.max(0, (perLongRow - 2 * perRow) / (2.0 * length * length));
        return Optional.of(new StepCost(
                fixed,
                perRow / length - perSquare * length,
                perSquare,
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
        return Math.max(0, Math.round(fixed + rows * (perToken * tokens + perSquare * tokens * (double) tokens)));
    }
}
