/** The {@code graft} command: one class a verb. */
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
