package dev.graft.serve;

import dev.graft.tensor.Array;

/**
 * A tensor of the Open Inference Protocol.
 *
 * @param array its values; texts are held as strings
 */
record InferTensor(String name, Array array) {}
