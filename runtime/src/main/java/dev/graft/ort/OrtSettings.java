package dev.graft.ort;

/**
 * How ONNX Runtime runs a graph.
 *
 * @param threads threads that share the work of one operator, the calling thread included; 0 leaves the number to ONNX
 *     Runtime (one a physical core)
 * @param optimization how much the graph is rewritten at load: more makes the load slower and runs faster
 * @param spinning whether idle worker threads wait busily for the next operator: faster runs where the cores are ours
 *     alone, slower ones where other threads (tokenising, serving) want them
 * @param shared whether runs that meet share the threads out instead of waiting for each other's at every operator: the
 *     model is then held twice, for a run that is alone and for runs that meet, which computes more in all
 */
public record OrtSettings(int threads, Optimization optimization, boolean spinning, boolean shared) {
    /** The levels of ONNX Runtime's graph optimisation. */
    public enum Optimization {
        /** The graph as it stands. */
        NONE,
        /** Constant folding and redundant nodes. */
        BASIC,
        /** Also fusions such as LayerNorm, GELU and attention. */
        EXTENDED,
        /** Also memory layouts made for this processor. */
        ALL
    }

    /** All optimisations, threads by the number of cores, busy waiting, one run at a time. */
    public static final OrtSettings DEFAULT = new OrtSettings(0, Optimization.ALL, true, false);

    public OrtSettings {
        if (threads < 0) {
            throw new IllegalArgumentException("threads is " + threads + "; it must be 0 (automatic) or more");
        }
    }

    /** These settings with another number of threads. */
    public OrtSettings withThreads(int threads) {
        return new OrtSettings(threads, optimization, spinning, shared);
    }

    /** These settings with another level of optimisation. */
    public OrtSettings withOptimization(Optimization optimization) {
        return new OrtSettings(threads, optimization, spinning, shared);
    }

    /** These settings with busy waiting on or off. */
    public OrtSettings withSpinning(boolean spinning) {
        return new OrtSettings(threads, optimization, spinning, shared);
    }

    /** These settings with threads that runs share out, or not. */
    public OrtSettings withShared(boolean shared) {
        return new OrtSettings(threads, optimization, spinning, shared);
    }
}
