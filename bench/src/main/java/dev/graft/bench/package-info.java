/** Benchmarks, set beside what users would otherwise pick. */
@NullMarked
package dev.graft.bench;

import org.jspecify.annotations.NullMarked;
