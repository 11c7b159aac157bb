/** Where pretrained models come from: a name to local files. */
@NullMarked
package dev.graft.hub;

import org.jspecify.annotations.NullMarked;
