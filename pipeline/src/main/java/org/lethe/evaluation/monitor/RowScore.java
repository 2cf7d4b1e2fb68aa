package org.lethe.evaluation.monitor;

import java.io.Serializable;

/**
 * What a monitor reads of one row. Numbers only.
 *
 * @param set set of the row
 * @param index place among the sampled rows of the set
 * @param loss mean loss in nats per token
 * @param exactMemorisation share of positions whose first choice is right, without the end token
 * @param extractionStrength extraction strength, without the end token
 * @param gapSum sum of the logit gaps, without the end token
 * @param closed positions whose gap is at most the level
 * @param positions positions of the gaps
 * @param divergence KL divergence from the initial model in nats per token; NaN if not read
 */
public record RowScore(
    MonitorSet set,
    int index,
    double loss,
    double exactMemorisation,
    double extractionStrength,
    double gapSum,
    long closed,
    long positions,
    double divergence)
    implements Serializable {}
