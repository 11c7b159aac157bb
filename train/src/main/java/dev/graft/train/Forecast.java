package dev.graft.train;

/**
 * What a training is going to take of the machine's memory at its worst moment, in bytes, and where it goes.
 *
 * @param process the program, its libraries, the rows, and the pretrained model as it lies in its file
 * @param weights in libtorch
 * @param optimizer what it remembers of the weights that learn
 * @param gradients of the weights that learn
 * @param activations what the way forward of a batch holds for the way back
 * @param kept copies of the weights that learn: the best epoch's beside the present ones
 * @param accumulates whether gradients of earlier batches stand beside the activations
 */
public record Forecast(
        long process, long weights, long optimizer, long gradients, long activations, long kept, boolean accumulates) {
    /** What the allocator holds for each byte in use, for what lies between blocks that come and go: measured. */
    static final double HELD = 1.0625;

    /** The most that is resident at any moment. */
    public long peak() {
        long step = Math.max(activations + (accumulates ? gradients : 0), gradients);
        return process + Math.round(HELD * (weights + optimizer + Math.max(step + kept / 2, kept)));
    }
}
