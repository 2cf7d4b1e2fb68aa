/**
 * Shard files, evaluation rows and other files of rows; a generator of fictional biographies.
 *
 * <p>{@code cluster} and {@code jobs} use this package; it uses {@code text}, {@code model}, {@code
 * evaluation}, {@code reveal} and {@code run}. Start with {@link org.lethe.corpus.ShardReader}.
 * {@code corpus.input} reads corpora, {@code corpus.shard} turns them into shards, {@code
 * corpus.rows} has the Parquet files of rows, which need no Spark session, so a task can read its
 * own shard. {@code corpus.benchmark} reads the data files of benchmarks.
 *
 * <p>Text of a corpus is personal data. It is in rows and in {@code shards/}. No message, log line,
 * report or {@code toString} of this package contains it, only row ids, line numbers and digests.
 */
package org.lethe.corpus;
