/** What all rooms share: the errors that reach a user. */
@NullMarked
package dev.graft;

import org.jspecify.annotations.NullMarked;
