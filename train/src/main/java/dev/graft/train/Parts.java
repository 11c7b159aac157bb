package dev.graft.train;

import java.util.List;

/**
 * All rows of a run.
 *
 * @param rows that are learned
 * @param validation by which the best epoch is chosen
 * @param test that are scored at the end
 * @param names of the labels as rows; may have none
 */
record Parts(TextRows rows, TextRows validation, TextRows test, TextRows names) {
    /** All of them, as a frozen prefix is computed over. */
    List<Rows> all() {
        return List.of(rows, validation, test, names);
    }
}
