package dev.graft.train;

import dev.graft.tensor.Array;
import java.util.Map;
import java.util.Set;

/** Gives each phase what it trains. */
interface Stages {
    /**
     * What trains some weights of the graph.
     *
     * @param trainable names of the weights that are to change
     * @param tuned the weights that no longer are what the graph says
     */
    Stage of(Set<String> trainable, Map<String, Array> tuned);

    /** One network, whatever is trained. */
    static Stages whole(Stage stage) {
        return (trainable, tuned) -> stage;
    }
}
