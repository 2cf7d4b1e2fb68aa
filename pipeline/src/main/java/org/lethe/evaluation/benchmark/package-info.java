/**
 * Published benchmarks: how their figures follow from evaluation rows, with confidence intervals
 * and the comparison with target and retrained model.
 *
 * <p>{@code corpus.benchmark}, {@code report} and {@code jobs} use this package; it uses {@code
 * evaluation}. Start with {@link org.lethe.evaluation.benchmark.Benchmark}; register a new one in
 * {@link org.lethe.evaluation.benchmark.Benchmarks}.
 */
package org.lethe.evaluation.benchmark;
