/**
 * Comparisons of methods on a benchmark: one target, one reference, and a cell for each method,
 * learning rate and seed.
 *
 * <p>A study runs stages in run directories of its own; only the benchmark command uses it. Start
 * reading at {@link org.lethe.jobs.study.Study}.
 */
package org.lethe.jobs.study;
