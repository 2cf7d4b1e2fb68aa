/**
 * Programs that measure Lethe. Run them by hand; they assert nothing. tests/benchmarks has the
 * questions, commands and results.
 *
 * <p>No test depends on this package. Start with {@link
 * org.lethe.benchmarks.ForwardBackwardBenchmark} for speed and {@code StepStudy} for directions.
 */
package org.lethe.benchmarks;
