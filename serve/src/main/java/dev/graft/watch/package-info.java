/** A service watches itself: sliding windows, alerts, logs, traces, and a page to look at. */
@NullMarked
package dev.graft.watch;

import org.jspecify.annotations.NullMarked;
