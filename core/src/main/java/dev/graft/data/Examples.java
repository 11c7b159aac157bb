package dev.graft.data;

import dev.graft.InputException;
import java.util.ArrayList;
import java.util.List;

/** Rows of a table as examples. */
public final class Examples {
    private Examples() {}

    /**
     * The examples of a table; texts and labels are taken as they stand.
     *
     * @throws InputException if texts are empty or labels missing; all such rows are reported at once, at most 20 in
     *     full
     */
    public static List<Example> from(Table table, Columns columns) {
        return from(table, columns, false);
    }

    /** As the other; a label may also be empty, where it stands for none of several. */
    public static List<Example> from(Table table, Columns columns, boolean withoutLabel) {
        Findings findings = new Findings(table.file());
        List<Example> examples = new ArrayList<>();
        for (Row row : table.rows()) {
            String text = row.values().get(columns.text());
            String label = row.values().get(columns.label());
            if (text.isBlank()) {
                findings.add(row.line(), "the text is empty; fill it in, or remove the row");
            }
            if (label.isBlank() && !withoutLabel) {
                findings.add(row.line(), "the label is missing; fill it in, or remove the row");
            }
            examples.add(new Example(text, label, table.file(), row.line()));
        }
        findings.throwIfAny();
        return examples;
    }

    /** The texts, in order. */
    public static List<String> texts(List<Example> examples) {
        return examples.stream().map(Example::text).toList();
    }
}
