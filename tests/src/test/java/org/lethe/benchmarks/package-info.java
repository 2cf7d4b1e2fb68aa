/**
 * Programs that measure Lethe. They run by hand and assert nothing; tests/benchmarks has the
 * questions, the commands and the results.
 *
 * <p>No test depends on this package. Start with {@link
 * org.lethe.benchmarks.ForwardBackwardBenchmark} for speed and {@code StepStudy} for directions.
 */
package org.lethe.benchmarks;
