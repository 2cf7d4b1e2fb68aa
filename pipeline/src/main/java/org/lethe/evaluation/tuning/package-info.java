/**
 * Which of several unlearning settings is best: the rounds that each candidate gets, the order of
 * candidates, and the documents of a tuning. Pure functions of readings.
 *
 * <p>{@code cluster.tuning} trains the candidates. Start with {@link
 * org.lethe.evaluation.tuning.CandidateResult}.
 */
package org.lethe.evaluation.tuning;
