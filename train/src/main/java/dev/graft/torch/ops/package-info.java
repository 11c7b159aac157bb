/** Operators by family; each file registers its own. */
@NullMarked
package dev.graft.torch.ops;

import org.jspecify.annotations.NullMarked;
