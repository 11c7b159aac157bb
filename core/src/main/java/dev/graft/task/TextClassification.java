package dev.graft.task;

import dev.graft.data.Columns;
import dev.graft.data.Example;
import dev.graft.data.Examples;
import dev.graft.data.Table;
import dev.graft.rewrite.ClassifierHead;
import dev.graft.rewrite.Pooling;
import dev.graft.rewrite.Rewrite;
import java.util.List;
import java.util.Optional;

/**
 * Putting each text in one of several classes.
 *
 * @param table the labelled rows
 * @param text the column of the texts; found by its name or shape where it is not given
 * @param label the column of the labels; found likewise
 */
public record TextClassification(Table table, Optional<String> text, Optional<String> label) implements Task {
    /** The task's name. */
    public static final String NAME = "text-classification";

    /** The task over a table whose columns are found by their names or shapes. */
    public static TextClassification from(Table table) {
        return new TextClassification(table, Optional.empty(), Optional.empty());
    }

    /** This task with its columns named. */
    public TextClassification labelled(String textColumn, String labelColumn) {
        return new TextClassification(table, Optional.of(textColumn), Optional.of(labelColumn));
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Which columns hold texts and labels. */
    public Columns columns() {
        return Columns.find(table, text, label);
    }

    /** The labelled rows. */
    public List<Example> examples() {
        return Examples.from(table, columns());
    }

    /** The labelled rows of another table with the same columns, for example a test set. */
    public List<Example> examples(Table other) {
        return Examples.from(other, Columns.find(other, text, label));
    }

    @Override
    public Rewrite head(Pooling pooling, int classes, long seed) {
        return new ClassifierHead(pooling, classes, seed);
    }
}
