package dev.graft.task;

import dev.graft.data.Columns;
import dev.graft.data.Example;
import dev.graft.data.Examples;
import dev.graft.data.LabelLists;
import dev.graft.data.Table;
import java.util.List;
import java.util.Optional;

/**
 * Answering each text: with one of several classes, with any of several labels, or with a number.
 *
 * @param table the labelled rows
 * @param text the column of the texts; found by its name or shape where it is not given
 * @param label the column of the labels; found likewise. Names with commas between them are columns of 0 and 1
 * @param wanted what a row's answer is; found by the labels where it is not given
 */
public record TextClassification(Table table, Optional<String> text, Optional<String> label, WantedTarget wanted)
        implements Task {
    /** The task's name where a row has one label. */
    public static final String NAME = "text-classification";

    public TextClassification {
        if (label.isPresent() && isSeveral(table, label.get())) {
            table = LabelLists.joined(table, label.get());
        }
    }

    /** The task with what a row's answer is found by its labels. */
    public TextClassification(Table table, Optional<String> text, Optional<String> label) {
        this(table, text, label, WantedTarget.FOUND);
    }

    /** The task over a table whose columns are found by their names or shapes. */
    public static TextClassification from(Table table) {
        return new TextClassification(table, Optional.empty(), Optional.empty());
    }

    private static boolean isSeveral(Table table, String label) {
        return label.contains(",") && !table.columns().contains(label);
    }

    /** This task with its columns named. */
    public TextClassification labelled(String textColumn, String labelColumn) {
        return new TextClassification(table, Optional.of(textColumn), Optional.of(labelColumn), wanted);
    }

    /** This task for another kind of answer. */
    public TextClassification answering(WantedTarget target) {
        return new TextClassification(table, text, label, target);
    }

    @Override
    public String name() {
        return target().kind().task();
    }

    /** Which columns hold texts and labels. */
    public Columns columns() {
        return Columns.find(table, text, label);
    }

    /**
     * What a row's answer is.
     *
     * @throws dev.graft.InputException if what was asked for cannot be
     */
    public Target target() {
        Columns columns = columns();
        List<String> cells = table.rows().stream()
                .map(row -> row.values().get(columns.label()))
                .filter(cell -> !cell.isBlank())
                .toList();
        return wanted.target(table.columns().get(columns.label()), cells);
    }

    /** The labelled rows. */
    public List<Example> examples() {
        return Examples.from(table, columns(), withoutLabel());
    }

    /** The labelled rows of another table with the same columns, for example a test set. */
    public List<Example> examples(Table other) {
        Table read = label.isPresent() && isSeveral(other, label.get()) ? LabelLists.joined(other, label.get()) : other;
        return Examples.from(read, Columns.find(read, text, label), withoutLabel());
    }

    private boolean withoutLabel() {
        return target().kind() == TargetKind.MULTI_LABEL;
    }
}
