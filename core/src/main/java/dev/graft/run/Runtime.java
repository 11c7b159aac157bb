package dev.graft.run;

import dev.graft.graph.Graph;

/** Something that executes graphs: libtorch for training, ONNX Runtime for serving. */
public interface Runtime {
    /**
     * Makes a graph ready to run.
     *
     * @throws dev.graft.graph.GraphException if the graph holds operators that this runtime lacks; all are named at once
     */
    Session prepare(Graph graph);
}
