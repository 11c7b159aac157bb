/** Metrics, confidence intervals, baselines and reports. */
@NullMarked
package dev.graft.eval;

import org.jspecify.annotations.NullMarked;
