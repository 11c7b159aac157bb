package dev.graft.predict;

/**
 * Room for a branch beside one of a trunk's products.
 *
 * @param down the input for [rows or 1, in, rank]
 * @param up the input for [rows or 1, rank, out]
 */
record BranchPlace(String down, String up, int in, int out) {}
