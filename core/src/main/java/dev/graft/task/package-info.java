/** What a task is: its examples, labels, head, loss, decoding and metrics. */
@NullMarked
package dev.graft.task;

import org.jspecify.annotations.NullMarked;
