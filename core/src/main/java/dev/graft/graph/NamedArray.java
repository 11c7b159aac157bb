package dev.graft.graph;

import dev.graft.tensor.Array;

/** An array and the name that its file gives it, which may be empty. */
public record NamedArray(String name, Array array) {}
