/** A bundle's answers, in process. */
@NullMarked
package dev.graft.predict;

import org.jspecify.annotations.NullMarked;
