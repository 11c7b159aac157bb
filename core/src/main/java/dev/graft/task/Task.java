package dev.graft.task;

import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;

/** What a model is trained to do: its examples, its head, and what its outputs mean. */
public interface Task {
    /** The task's name, as bundles and Hugging Face's hub spell it. */
    String name();

    /**
     * The rewrite that grafts the task's head on a trunk.
     *
     * @param pooling how the trunk's makers make one vector of a text's tokens
     * @param classes the number of labels
     * @param seed of the head's weights
     */
    Rewrite head(Pooling pooling, int classes, long seed);
}
