package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a phase trains: the whole network, or the part of it above a frozen prefix.
 *
 * @param names of the weights that the network holds
 * @param view the rows as the network reads them
 */
record Stage(Network network, Set<String> names, UnaryOperator<Rows> view) {
    /** Overwrites the weights that are the network's; what lies in the frozen prefix is there already. */
    void load(Map<String, Array> weights) {
        Map<String, Array> own = new LinkedHashMap<>(weights);
        own.keySet().retainAll(names);
        network.load(own);
    }
}
