/** Bundles answer over HTTP and gRPC. */
@NullMarked
package dev.graft.serve;

import org.jspecify.annotations.NullMarked;
