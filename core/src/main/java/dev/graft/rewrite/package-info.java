/** Pure graph to graph functions: heads, dropout, fusion. */
@NullMarked
package dev.graft.rewrite;

import org.jspecify.annotations.NullMarked;
