/** An array as a value: element type, shape, buffer. */
@NullMarked
package dev.graft.tensor;

import org.jspecify.annotations.NullMarked;
