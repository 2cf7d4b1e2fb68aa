package org.lethe.evaluation.monitor;

import org.lethe.text.Example;

/**
 * A row of a sample.
 *
 * @param set its set
 * @param index place among the sampled rows of the set, by id
 * @param example the row
 * @param diverges whether the divergence from the initial model is read on it
 */
public record MonitoredRow(MonitorSet set, int index, Example example, boolean diverges) {}
