package dev.graft.serve;

import java.nio.file.Path;

/**
 * A folder under the name by which it is served: a bundle, or a folder whose subfolders are numbered versions of one
 * (Triton's model repository). Several offers under one name are versions side by side, the last the newest.
 */
public record Offer(String name, Path folder) {}
