package dev.graft.task;

import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.List;

/**
 * What is to be answered about a row: how its cell is read, which rows are alike, and which head gives the answer.
 *
 * <p>What the head's outputs mean and which metrics fit is said by {@link Reading}.
 */
public sealed interface Target permits SingleLabel, MultiLabel, Ordinal, Regression {
    /** What the answer is. */
    TargetKind kind();

    /** For people: what was found, or asked for. */
    String description();

    /**
     * The labels of all rows, in the order of the outputs' meaning.
     *
     * @throws dev.graft.InputException if they are no labels of this kind, or there is nothing to tell apart
     */
    LabelSet labels(List<Example> examples);

    /**
     * The true answers.
     *
     * @throws dev.graft.InputException if a row has none of this kind, or a label that is not among these
     */
    Truth truth(LabelSet labels, List<Example> examples);

    /** A name for each row; rows of one name are to have their share in each part of a split. */
    List<String> strata(List<Example> examples);

    /** What is odd about the labels of training rows but does not forbid training, a sentence each. */
    List<String> warnings(List<Example> examples);

    /**
     * The head.
     *
     * @param seed of the head's weights
     */
    Rewrite head(Pooling pooling, LabelSet labels, long seed);

    /** This target once it is known which rows are learned from. */
    default Target learning(List<Example> train) {
        return this;
    }
}
