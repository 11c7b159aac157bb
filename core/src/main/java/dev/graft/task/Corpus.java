package dev.graft.task;

import dev.graft.InputException;
import dev.graft.data.Duplicates;
import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.LabelWords;
import dev.graft.data.Split;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task's examples in the three parts that training needs, with what is odd about them.
 *
 * <p>No text of the validation or test rows is also among the training rows.
 *
 * @param target what is answered about a row
 * @param labels all labels of the data; a label's place is its number
 * @param warnings sentences for the user
 */
public record Corpus(Target target, LabelSet labels, Split split, List<String> warnings) {
    public Corpus {
        warnings = List.copyOf(warnings);
    }

    /**
     * Splits a task's rows.
     *
     * @param test rows to test on; where none are given, a share of the task's own rows is held out
     * @param validationShare the share of the rows by which the best epoch is chosen
     * @param testShare the share that is held out where no test rows are given
     * @throws dev.graft.InputException if there are too few rows or labels, or a test row has a label of its own
     */
    public static Corpus of(
            TextClassification task,
            Optional<List<Example>> test,
            double validationShare,
            double testShare,
            long seed) {
        List<Example> examples = task.examples();
        Target target = task.target();
        LabelSet labels = target.labels(examples);
        test.ifPresent(rows -> target.truth(labels, rows));
        List<String> warnings = new ArrayList<>(target.warnings(examples));
        warnings.addAll(Duplicates.report(
                "rows have a text that an earlier row has under another label", Duplicates.conflicts(examples)));
        Split split = Split.stratified(
                examples, target.strata(examples), validationShare, test.isPresent() ? 0 : testShare, seed);
        List<Example> tested = test.orElse(split.test());
        List<Example> held = new ArrayList<>(tested);
        Duplicates validation = Duplicates.remove(split.validation(), tested);
        held.addAll(validation.kept());
        Duplicates train = Duplicates.remove(split.train(), held);
        warnings.addAll(train.warnings());
        requireRows(task, split, train, validation);
        return new Corpus(
                target.learning(train.kept()), labels, new Split(train.kept(), validation.kept(), tested), warnings);
    }

    /** The head that is grafted on a trunk. */
    public Rewrite head(Pooling pooling, long seed) {
        return target.head(pooling, labels, seed);
    }

    /**
     * This corpus under labels in words, of which its rows may hold only some.
     *
     * @throws InputException if a row has a label that is not among them
     */
    public Corpus labelled(LabelWords words) {
        if (target.kind() != TargetKind.SINGLE_LABEL) {
            throw new InputException("--labels goes with one label a row, not with --task "
                    + target.kind().spelled());
        }
        LabelSet all = words.labels();
        List<Example> examples = new ArrayList<>(split.train());
        examples.addAll(split.validation());
        examples.addAll(split.test());
        all.numbers(examples);
        return new Corpus(target, all, split, warnings);
    }

    private static void requireRows(TextClassification task, Split split, Duplicates train, Duplicates validation) {
        require(task, "to train on", split.train().size(), train);
        if (!split.validation().isEmpty()) {
            require(task, "to choose the best epoch by", split.validation().size(), validation);
        }
    }

    private static void require(TextClassification task, String purpose, int before, Duplicates after) {
        if (after.kept().isEmpty()) {
            throw new InputException(task.table().file() + " has no rows left " + purpose + ": all " + before
                    + " repeat a held-out row"
                    + (after.removed().isEmpty()
                            ? ""
                            : ", the first " + pair(after.removed().get(0)))
                    + ". Is the test file the training file, or one text in all rows?");
        }
    }

    private static String pair(Duplicates.Pair pair) {
        return pair.example().place() + " that of " + pair.first().place();
    }
}
