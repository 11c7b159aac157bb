package dev.graft.train;

import dev.graft.graph.Graph;

/**
 * What a run goes by.
 *
 * @param untouched the pretrained trunk with a head
 * @param headed the trunk that is trained, tuned by itself before where the policy says so, with its head alone
 * @param trained the same, with what the policy adds to it
 */
record Graphs(Graph untouched, Graph headed, Graph trained) {}
