/** What all rooms share: the errors that reach a user, the cache folder, files that appear whole, digests. */
@NullMarked
package dev.graft;

import org.jspecify.annotations.NullMarked;
