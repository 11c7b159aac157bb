/** Graphs bound to libtorch: the operator table, autograd, losses, the optimizer. The only room that imports libtorch. */
@NullMarked
package dev.graft.torch;

import org.jspecify.annotations.NullMarked;
