/**
 * Corpora: reading, validating, de-duplicating and sharding; the rows that workers read; a
 * generator of made-up biographies.
 *
 * <p>{@link org.lethe.corpus.Sharder} is the only class here that starts Spark jobs. Row files
 * ({@link org.lethe.corpus.RowFiles}, {@link org.lethe.corpus.ShardReader}) are plain Parquet
 * through parquet-hadoop and need no Spark session, so a task may read its own shard.
 *
 * <p>Text of a corpus is personal data. It is held in rows and written to {@code shards/}; no
 * message, log line, report or {@code toString} of this package holds any of it, only row ids, line
 * numbers and digests.
 */
package org.lethe.corpus;
