/** The artifact on disk: graph, tokenizer, labels, provenance, scores, parity vectors. */
@NullMarked
package dev.graft.bundle;

import org.jspecify.annotations.NullMarked;
