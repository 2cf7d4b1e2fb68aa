package org.lethe.evaluation.monitor;

/**
 * Logit gaps of forget tokens: the logit of the answer's token minus the largest other logit.
 *
 * @param gap mean gap over all answer positions of the sample
 * @param closed share of these positions whose gap is at most the configured level
 * @param positions number of positions
 */
public record MarginReading(double gap, double closed, long positions) {}
