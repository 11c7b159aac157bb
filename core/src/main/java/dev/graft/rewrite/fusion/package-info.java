/** Rules that join what an exporter took apart: layer normalisation, GELU, linear, attention. */
@NullMarked
package dev.graft.rewrite.fusion;

import org.jspecify.annotations.NullMarked;
