/** The training loop, and its policy as data. */
@NullMarked
package dev.graft.train;

import org.jspecify.annotations.NullMarked;
