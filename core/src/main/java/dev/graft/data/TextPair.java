package dev.graft.data;

/** Two texts that a model reads together, as one row. */
public record TextPair(String first, String second) {}
