/** Two interfaces through which a graph is executed, whatever executes it. */
@NullMarked
package dev.graft.run;

import org.jspecify.annotations.NullMarked;
