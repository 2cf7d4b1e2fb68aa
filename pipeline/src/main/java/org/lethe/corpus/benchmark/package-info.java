/**
 * Data files of published benchmarks, as their authors publish them, and the shards built from
 * them.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code corpus} and {@code
 * evaluation.benchmark}. Start with {@link org.lethe.corpus.benchmark.BenchmarkItems}. Add a
 * benchmark's reader here. Messages name file, line and field, never the text of a record.
 */
package org.lethe.corpus.benchmark;
