/** Graphs bound to ONNX Runtime; the only room that imports {@code ai.onnxruntime}. */
@NullMarked
package dev.graft.ort;

import org.jspecify.annotations.NullMarked;
