/**
 * What a run watches while it unlearns, and when it ends: readings, stop rules and the search for
 * the point on a line between two checkpoints.
 *
 * <p>Everything here is a pure function of readings, so a resumed run decides like an uninterrupted
 * one. {@code cluster.monitor} takes the readings on Spark. Start with {@link
 * org.lethe.evaluation.monitor.StopSettings}.
 */
package org.lethe.evaluation.monitor;
