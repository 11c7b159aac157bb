/** ONNX files as immutable graphs: read, write, print, check. */
@NullMarked
package dev.graft.graph;

import org.jspecify.annotations.NullMarked;
